"""`/proc/cpuinfo`: the processor's name, how many threads, and whether it says it is virtual.

Traps: ARM has no `model name`; a Raspberry Pi puts its own name under `Model` at the end.
"""

import msgspec


class Processor(msgspec.Struct, frozen=True):
    """What the kernel says of the processors."""

    name: str | None
    threads: int
    hypervisor: bool
    """The processor tells that it runs under a hypervisor (x86 only)."""
    board: str | None
    """Name of the whole board (`Raspberry Pi 4 Model B Rev 1.4`), ARM only."""


def parse(data: bytes) -> Processor:
    """Read the text; what it does not say is None, 0 or False."""
    rows = [line.partition(":") for line in data.decode("utf-8", "replace").split("\n")]
    values = [(key.strip(), " ".join(value.split())) for key, _, value in rows if key.strip()]
    first = dict(reversed(values))
    return Processor(
        name=first.get("model name") or first.get("cpu model") or first.get("Hardware") or None,
        threads=sum(1 for key, _ in values if key == "processor"),
        hypervisor="hypervisor" in first.get("flags", "").split(),
        board=first.get("Model") or None,
    )
