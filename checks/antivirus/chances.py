"""Which of the hours switched on can still count: those after something may have been due.

A judge asks for hours only since definitions or a scan were due, so whatever came before the
earliest moment that any permitted limit allows changes no verdict. It says when somebody worked at
this computer, and most nights that is nobody's business: the rest stays on the machine.
"""

from typing import Final

from checks.antivirus import pace
from checks.antivirus.facts import Freshness
from checks.online import Stretch
from checks.unseen import Maybe, Unseen

LEAST_SECONDS: Final = {
    "definitions_at": 3_600,
    "quick_scan_at": 86_400,
    "full_scan_at": 7 * 86_400,
    "told_at": 0,
}
"""The strictest limit a school may set for each (`min` in `checks.toml`); where a product only says
that it is out of date, hours count from when it said so."""
_SCANS: Final = frozenset({"quick_scan_at", "full_scan_at"})


def countable(online: Maybe[list[Stretch]], times: Maybe[list[Freshness]]) -> Maybe[list[Stretch]]:
    """The stretches that may count for one of the products, in the order they came."""
    if isinstance(online, Unseen) or isinstance(times, Unseen):
        return online
    due = [moment for one in times for moment in _due(one)]
    return [stretch for stretch in online if due and stretch.ends_at > min(due)]


def _due(times: Freshness) -> list[int]:
    """The earliest that each thing may be due. No scan ever is one due since the beginning; a
    product without definitions is judged without hours, and so is what nobody could look at."""
    found: list[int] = []
    for field, least in LEAST_SECONDS.items():
        at: Maybe[int | None] = getattr(times, field)
        if at is None and field in _SCANS:
            found.append(least)
        elif isinstance(at, int):
            slow = pace.of(times.product).fresh if field == "definitions_at" else 0
            found.append(at + max(least, slow))
    if isinstance(times.current, bool) and not times.current and isinstance(times.told_at, int):
        found.append(times.told_at)
    return found
