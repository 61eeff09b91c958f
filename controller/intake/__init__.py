"""What agents talk to: `/v1`, from raw bytes to a durable row and a signed answer (A6, O1)."""
