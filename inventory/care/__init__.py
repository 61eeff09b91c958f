"""Recurring care: which thing needs which, when it is due, who did it (S35)."""
