"""Computers that are set up anew and come back as what they were (S23)."""
