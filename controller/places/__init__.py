"""Pages of the rooms, sets and trolleys of a school, and what stands in each."""
