"""What every reader makes of a battery's numbers: a share of what it held when it was new."""

from collections.abc import Iterable
from typing import Final

from checks.capacity.facts import Battery, CapacityFacts
from checks.unseen import Maybe, NotHere, Unseen

NO_BATTERY: Final = "no battery"
_SILENT: Final = Battery(Unseen("unsupported"))


def battery(full: int | None, design: int | None) -> Battery:
    """Both in one unit, whichever. A battery that tells no design, or nonsense, stays unseen."""
    if full is None or design is None or design <= 0 or full < 0:
        return _SILENT
    return Battery(min(100, full * 100 // design))


def weakest_first(found: Iterable[Battery]) -> list[Battery]:
    """In the order the facts have them."""
    return sorted(found, key=_rank)


def _rank(one: Battery) -> int:
    return 101 if isinstance(one.holds_percent, Unseen) else one.holds_percent


def told(found: Maybe[list[Battery]]) -> CapacityFacts | NotHere:
    """The section; where it was seen that there is none, its checks do not apply."""
    if not isinstance(found, Unseen) and not found:
        return NotHere(NO_BATTERY)
    return CapacityFacts(batteries=found)
