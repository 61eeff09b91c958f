"""Which programs are installed and running, and whether the school agreed to them."""
