"""What stands on a label: a short code that leads to one entry, and to nothing private (S25)."""
