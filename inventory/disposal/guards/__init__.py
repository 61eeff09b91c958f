"""What stands before each step: one function per guard, pure, raising `Refused` (spec §5.3)."""
