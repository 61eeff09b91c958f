"""The `caretaker` command: one file per verb."""
