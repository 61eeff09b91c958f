"""Makes the round happen by itself: units for the system's own scheduler, as data files (O13,
O14)."""
