"""Night by night: how many faults stood open when each night was closed.

A fault is one check on one computer. Nights are read as they were counted then (`Night`); nothing
is worked out again, so the past never changes with today's policy.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum

from controller.fleet.models import Night

NIGHTS: Final = 21
FULL: Final = 100
"""Height of the tallest bar, in the units of the drawing."""

_STEP: Final = 10
_FEWEST_PLACES: Final = 12
"""Three nights are drawn as three thin bars, not as three walls."""


@dataclass(frozen=True, slots=True)
class NightBar:
    """One closed night and where its bar stands."""

    day: str
    faults: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The last nights, oldest first."""

    bars: list[NightBar]
    width: int
    span: str
    sentence: str


def trend(sites: Sequence[str]) -> Trend | None:
    """The last three weeks; None before two nights were closed, because one says nothing yet."""
    rows = (
        Night.objects.filter(site__in=sites)
        .exclude(check_id="")
        .values_list("day", "status")
        .annotate(total=Sum("n"))
        .order_by("-day")
    )
    faults: dict[str, int] = {}
    for day, status, total in rows[: NIGHTS * 6]:
        faults[day] = faults.get(day, 0) + (total if status == "fail" else 0)
    days = sorted(faults)[-NIGHTS:]
    if len(days) < 2:
        return None
    tallest = max(1, *(faults[day] for day in days))
    bars = [_bar(day, faults[day], place, tallest) for place, day in enumerate(days)]
    return Trend(
        bars=bars,
        width=max(len(bars), _FEWEST_PLACES) * _STEP,
        span=f"{bars[0].day} to {bars[-1].day}",
        sentence=_sentence(faults[days[-1]], faults[days[-2]]),
    )


def _bar(day: str, faults: int, place: int, tallest: int) -> NightBar:
    height = max(2, round(FULL * faults / tallest))
    return NightBar(_said(day), faults, place * _STEP, FULL - height, height)


def _said(day: str) -> str:
    date = datetime.date.fromisoformat(day)
    return f"{date:%a} {date.day} {date:%b}"


def _sentence(last: int, before: int) -> str:
    if last == before:
        return f"{last:,} open, as the night before."
    how = "fewer" if last < before else "more"
    return f"{last:,} open, {abs(last - before):,} {how} than the night before."
