"""Times as people say them, in the school's own timezone.

Epoch seconds go in; `today 07:12`, `yesterday 22:10`, `Tue 14 Oct`, `3 June 2025` come out. A clock
that stands in the future (a computer's, never ours) is shown as a plain date.
"""

import datetime
import functools
import zoneinfo
from typing import Final

_FALLBACK: Final = "Europe/London"
_WEEK: Final = 7
_HALF_YEAR: Final = 183
_FIRST: Final = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
_LAST: Final = datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)


@functools.lru_cache(64)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The school's timezone; London's when the stored name is not a timezone any more."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(_FALLBACK)


def local(epoch: int, timezone: str) -> datetime.datetime:
    """An aware local time; the first or last second of the calendar for an impossible one."""
    try:
        return datetime.datetime.fromtimestamp(epoch, tz=zone(timezone))
    except (OverflowError, ValueError, OSError):
        return _FIRST if epoch < 0 else _LAST


def when(epoch: int, now: int, timezone: str) -> str:
    """A moment with its time of day while that matters: up to a week ago."""
    at, today = local(epoch, timezone), local(now, timezone)
    days = (today.date() - at.date()).days
    clock = f"{at:%H:%M}"
    if days == 0:
        return f"today {clock}"
    if days == 1:
        return f"yesterday {clock}"
    if 1 < days < _WEEK:
        return f"{at:%a} {clock}"
    return day(epoch, now, timezone)


def day(epoch: int, now: int, timezone: str) -> str:
    """A day: `today`, `Tue 14 Oct`, with the year once it is more than half a year away."""
    at, today = local(epoch, timezone), local(now, timezone)
    days = (today.date() - at.date()).days
    if days in (0, 1):
        return "today" if days == 0 else "yesterday"
    if abs(days) < _HALF_YEAR:
        return f"{at:%a} {at.day} {at:%b}"
    return f"{at.day} {at:%B %Y}"


def long_date(epoch: int, timezone: str) -> str:
    """`Sunday 22 November 2026`."""
    at = local(epoch, timezone)
    return f"{at:%A} {at.day} {at:%B %Y}"


def long_moment(epoch: int, timezone: str) -> str:
    """`Sunday 22 November 2026, 09:05`."""
    return f"{long_date(epoch, timezone)}, {local(epoch, timezone):%H:%M}"


def exact(epoch: int, timezone: str) -> str:
    """For machines and titles: `2026-11-22T07:12:00+00:00`."""
    return local(epoch, timezone).isoformat()
