"""The doors: one `Host` per way of seeing a machine, all held to the same conformance suite."""
