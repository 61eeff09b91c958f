"""Jobs that people tell by a thing's label: the inbox of whoever looks after things (S25)."""
