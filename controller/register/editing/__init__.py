"""Change the register by hand: one entry, many at once, what a step did, searches worth keeping."""
