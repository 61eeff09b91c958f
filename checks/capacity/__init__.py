"""Whether a computer has room left for its work, and how much its battery still holds."""
