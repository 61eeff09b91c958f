"""Labels: sheets of them to print, and the page their codes open."""
