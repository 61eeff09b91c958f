"""Equipment that is away for repair, and whether it comes back with its own drive (S28)."""
