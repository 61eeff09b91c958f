"""Whether it is written down who signed in, for long enough, and whether people are told."""
