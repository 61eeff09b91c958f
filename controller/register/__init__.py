"""Pages of the register: the list of what a school owns, and one entry with its history."""
