"""Where on the network a thing hangs: the uplink rule of network §5. Pure.

A port with a switch or router as its neighbour leads on to others, and so does one behind which
more than a few addresses were learnt. A thing's place is the port that does not, with the fewest
addresses. A port of which the neighbours could not be seen and that has few addresses *may* lead
on: it is a place only where there is no better one.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal

import msgspec

UPLINK_MACS: Final = 5
"""More addresses than this behind one port: it leads on."""
Leads = Literal["", "bridge", "router", "access-point", "many"]


class Seen(msgspec.Struct, frozen=True):
    """One port as it was told. `neighbours`: what each says it is; None: could not be seen."""

    macs: int
    neighbours: Sequence[Collection[str]] | None


class Judged(msgspec.Struct, frozen=True):
    """Whether it leads on (None: could not be told), and to what."""

    uplink: bool | None
    leads_to: Leads


class Place(msgspec.Struct, frozen=True):
    """A port behind which an address was learnt."""

    device: str
    port: int
    macs: int
    uplink: bool | None
    leads_to: str


def judge(port: Seen, most: int = UPLINK_MACS) -> Judged:
    """What a port is. An access point is a neighbour that bridges too, but what hangs off its air
    has no better place than it."""
    if port.neighbours is None:
        return Judged(True, "many") if port.macs > most else Judged(None, "")
    says = [set(one) for one in port.neighbours]
    if any("access-point" in one for one in says):
        return Judged(False, "access-point")
    if any("router" in one for one in says):
        return Judged(True, "router")
    if any("bridge" in one for one in says):
        return Judged(True, "bridge")
    if port.macs > most:
        return Judged(True, "many")
    return Judged(False, "")


def place(candidates: Iterable[Place]) -> Place | None:
    """The place among the ports behind which it was learnt; None where all of them lead on."""
    ends = [one for one in candidates if one.uplink is not True]
    return min(ends, key=_order, default=None)


def _order(one: Place) -> tuple[bool, bool, int, str, int]:
    behind_radio = one.leads_to == "access-point"
    return (one.uplink is None, behind_radio, one.macs, one.device, one.port)
