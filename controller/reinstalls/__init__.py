"""Computers that are set up anew: said before, let in again as what they were (S23)."""
