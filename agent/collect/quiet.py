"""The school's quiet hours: lessons, tests. Pure; the policy says when, by the school's clock."""

import datetime
import zoneinfo
from collections.abc import Sequence

from checks.policy import Quiet


def in_quiet_hours(hours: Sequence[Quiet], at: int) -> str:
    """Why it is quiet at `at` (epoch seconds), in words; empty if it is not."""
    for one in hours:
        if _covers(one, at):
            return f"It is quiet time at school: {one.why}." if one.why else "It is quiet time."
    return ""


def _covers(quiet: Quiet, at: int) -> bool:
    """By the clock on the school's wall: an hour that a clock change repeats is quiet twice."""
    here = datetime.datetime.fromtimestamp(at, tz=_zone(quiet.timezone))
    day = here.date().isoformat()
    if quiet.first_day and day < quiet.first_day:
        return False
    if quiet.last_day and day > quiet.last_day:
        return False
    minute = here.hour * 60 + here.minute
    return here.isoweekday() in quiet.weekdays and (
        quiet.begins_minute <= minute < quiet.ends_minute
    )


def _zone(name: str) -> datetime.tzinfo | None:
    """The school's zone; the computer's own where the system knows no zones (or not that one)."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None  # OSError: a name like "Europe", a folder of zones
