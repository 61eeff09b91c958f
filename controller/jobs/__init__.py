"""What people told about things by their labels: the inbox of whoever looks after them."""
