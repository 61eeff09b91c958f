"""Pages with which a school counts what it owns, room by room, on a phone or on paper."""
