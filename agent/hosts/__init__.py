"""The doors: one `Host` per way of seeing a machine, all held to the same conformance suite."""


class NoDoorError(Exception):
    """There is no way to the machine; the sentence says why and what to do. Nothing was read."""
