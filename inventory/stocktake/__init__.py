"""Counting what is really there, room by room, and signing for it (S29, S34)."""
