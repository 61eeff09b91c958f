"""Data about people: what is held, why and how long, handing it out, and letting go of it (O12)."""
