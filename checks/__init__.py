"""What is checked: fact domains, their readers per system, pure judges, words and thresholds."""
