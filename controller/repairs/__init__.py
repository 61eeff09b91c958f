"""Pages of what is away for repair, and of drives that came back as others."""
