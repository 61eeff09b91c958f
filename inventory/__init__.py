"""The register: what the school owns, where it is, who has it, and how it left."""
