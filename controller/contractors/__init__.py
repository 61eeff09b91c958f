"""Pages of companies that take equipment away: their papers, and whether they may on a day."""
