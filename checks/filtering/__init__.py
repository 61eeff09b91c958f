"""Whether the web filter stops what it should, and whether what watches over pupils is running."""
