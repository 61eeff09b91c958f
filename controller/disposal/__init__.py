"""What leaves the school: what the controller knows and signs of it, and its pages."""
