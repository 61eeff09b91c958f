"""Reads a wiped drive back, and only reads: Caretaker verifies, it ships no wiper."""
