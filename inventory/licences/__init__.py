"""Licences: what the school may use, on how many, until when; held against what is installed."""
