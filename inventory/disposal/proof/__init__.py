"""Evidence of a wipe: files as they came, what they claim of each drive, and whether that holds."""
