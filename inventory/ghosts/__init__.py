"""What must never be seen again, and what happens when it is (I11, I15, O35)."""
