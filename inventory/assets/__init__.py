"""What the school owns: the fields of an entry, its states, its history and everything that changes
it."""
