"""Searches of the register that people keep."""
