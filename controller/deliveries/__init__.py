"""Deliveries: entered in one step, ticked as they arrive (S22)."""
