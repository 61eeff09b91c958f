"""Trolleys: what is in them counted, lent and brought back as one (S29)."""
