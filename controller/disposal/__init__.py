"""What the controller knows and does for disposals: reports, keys, pages."""
