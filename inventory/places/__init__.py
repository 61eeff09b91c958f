"""Schools, rooms and pools."""
