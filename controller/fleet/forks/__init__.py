"""Two reports for one place in a chain: what they mean, what the computer is told, what is kept."""
