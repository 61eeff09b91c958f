"""Whether computers are off at night."""
