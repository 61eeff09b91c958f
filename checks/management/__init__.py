"""Whether a computer that can be carried away is in the hands of the school's own management."""
