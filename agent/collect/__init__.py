"""Looks at this machine, judges, signs and spools; never talks to the network (O13)."""
