"""Pages of collections: booked, put together, printed, handed over."""
