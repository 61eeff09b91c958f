"""Companies that take equipment away: who they are, their papers with dates, and whether they may
(I7, T3, T8)."""
