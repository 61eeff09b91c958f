"""What is asked for in an address or ticked on the board."""

import contextlib
from typing import Final

from django.http import QueryDict

from controller.disposal.board import LANES
from inventory.disposal.lists import Asked
from inventory.disposal.states import ASKED, STATES

MOST_DAYS: Final = 3_650
MOST_TICKED: Final = 50


def asked_for(query: QueryDict) -> Asked:
    """What to list; anything that makes no sense is left out."""
    route, lane = query.get("route", ""), query.get("lane", "")
    states = next((found for name, found, _, _ in LANES if name == lane), ())
    state = query.get("state", "")
    if state in STATES:
        states = (state,)
    return Asked(
        search=query.get("q", "")[:100].replace("\0", ""),
        route=route if route in ASKED else "",
        days=_days(query.get("days", "")),
        states=states,
    )


def _days(text: str) -> int:
    with contextlib.suppress(ValueError):
        return max(0, min(MOST_DAYS, int(text[:6])))
    return 0


def ticks(query: QueryDict) -> dict[str, int]:
    """Disposal → what was seen of it, as `id:seq`; the first MOST_TICKED."""
    found: dict[str, int] = {}
    for one in query.getlist("one")[:MOST_TICKED]:
        name, _, seq = one[:64].partition(":")
        if seq.isascii() and seq.isdigit():
            found[name] = int(seq[:9])
    return found
