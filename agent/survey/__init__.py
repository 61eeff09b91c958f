"""The walk round a school's network, by a computer that holds a signed scope (network.md §4)."""
