"""Pages of the September rollover: what goes where, looked at first, done in one step, undone."""
