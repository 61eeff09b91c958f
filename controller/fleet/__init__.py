"""The computers that report: who they are, what they sent, what was judged of it."""
