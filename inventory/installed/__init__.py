"""What is installed on which computer: spellings made one title, counted, held against lists."""
