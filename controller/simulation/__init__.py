"""A school that does not exist: seeded computers, their faults and nights, to try things on."""
