"""Pages of what is lost or stolen: the clock, the pack, found again, given up (S27, I14)."""
