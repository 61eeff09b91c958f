"""How things are said to people: words, times, and strings that came from a computer (S38, T12)."""
