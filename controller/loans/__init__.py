"""Pages of people and loans: who has what, on which words, until when, and how it came back."""
