"""What other programs of the school may read and change: JSON under `/api/v1/`, by tokens."""
