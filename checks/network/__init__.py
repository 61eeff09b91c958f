"""Firewall, doors for remote control, and the way out."""
