"""Accounts of people, and which of them may do what at which school."""
