"""Verdicts on stored facts, made behind the 202 in a process of its own (A5)."""
