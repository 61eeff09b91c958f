"""What is judged of the register itself, every night: gathered, judged, kept, shown."""
