"""What leaves the controller as proof: a stranger checks it without us."""
