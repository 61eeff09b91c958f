"""How a thing leaves the school with its data accounted for: the machine and what surrounds it."""
