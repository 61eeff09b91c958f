"""Scans of carried media with the machine's own antivirus."""
