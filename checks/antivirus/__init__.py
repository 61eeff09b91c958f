"""Antivirus: which products protect a machine, whether they watch, how old what they know is."""
