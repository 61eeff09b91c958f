"""PDFs and pictures of them, made by typst in a process of its own (O36)."""
