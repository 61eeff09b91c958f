"""What was ordered and is expected: entered in one step, ticked as it arrives (S22)."""
