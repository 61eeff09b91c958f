"""What agent and controller agree on: envelopes, reports, receipts, problems. No I/O, no clock."""
