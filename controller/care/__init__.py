"""Recurring care: what is due, noting it done, certificates."""
