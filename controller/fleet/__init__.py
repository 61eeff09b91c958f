"""The computers that report: their state, their verdicts, and letting new ones in."""
