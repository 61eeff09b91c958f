"""A process of our own at the other end of two pipes."""
