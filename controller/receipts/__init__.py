"""What comes back after a collection: receipts, certificates, and what does not agree."""
