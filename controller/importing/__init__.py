"""A sheet into the register by hand: upload, look, do, and take back."""
