"""Between the server and the pages: who is answered, how long it may take, how much comes (T9)."""
