"""Collections: what goes to a waste company together, its list, receipt and certificates."""
