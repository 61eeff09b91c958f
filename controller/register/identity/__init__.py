"""Which entry a computer is, and two entries that are one thing: side by side, for a person."""
