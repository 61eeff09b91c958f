"""What is away from school today, against what the insurance covers there (S27)."""
