"""Whether what lies on the machine's own drives could be read by whoever takes it away."""
