"""The only door by which something is appended to the school's history (O7)."""
