"""Whether a server's data was saved somewhere else since yesterday."""
