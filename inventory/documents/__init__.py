"""Papers, photographs and signatures: what they are by their content, stored once by its digest."""
