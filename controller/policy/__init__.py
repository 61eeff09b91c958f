"""The school's own policy: written, tried out, signed, put in force, shown (O20, O21)."""
