"""When a drive is full if it goes on filling as it did lately, from the days the agent remembers.

Each day stands for the least that was free in the week up to it, so that backups which come and go
by the week are level ground. The pace is the middle one of all paces between two of those days
(Theil and Sen): one large copy does not move it, and a drive that fills a little each day does.
Fewer than eight days over three weeks say nothing yet. A drive whose size changes is another drive,
with no past. Only what is soon is told, to the week, so that nothing changes from night to night on
a drive with room.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

from checks.hardware.facts import Volume
from checks.host import CannotLook, Host
from checks.room import REMEMBERED_DAYS, Room
from checks.unseen import Maybe, Unseen

SMALLEST_OTHER: Final = 32_000_000_000
"""Bytes: a smaller volume beside the system's is the maker's own, full from the day it was made."""
LEAST_SPAN: Final = 21
LEAST_DAYS: Final = 8
SOON_DAYS: Final = 180
"""The longest a school may ask for (`max` in `capacity/checks.toml`)."""
_DAY: Final = 86_400
_WEEK: Final = 7
_MONDAY: Final = 4
"""1 January 1970 was a Thursday: a day is a Monday where this is its rest by seven."""


def counts(volume: Volume) -> bool:
    """Whether people's work goes to a volume."""
    if volume.place == "boot" or volume.size_bytes <= 0:
        return False
    return volume.place != "other" or volume.size_bytes >= SMALLEST_OTHER


def named(volumes: Iterable[Volume]) -> dict[str, int]:
    """Free bytes of each volume that counts, by its place, its size, and its turn among those that
    are alike."""
    found: dict[str, int] = {}
    for volume in volumes:
        if counts(volume):
            plain = f"{volume.place}:{volume.size_bytes}"
            alike = sum(name.rpartition(":")[0] == plain for name in found)
            found[f"{plain}:{alike}"] = volume.free_bytes
    return found


def full_in(host: Host, volumes: Maybe[list[Volume]]) -> int | None:
    """The week, by its Monday in days since 1970, in which the first volume is full; None: not
    soon. Raises CannotLook where nobody can tell yet."""
    if isinstance(volumes, Unseen):
        raise CannotLook(volumes.unseen)
    return forecast(host.room(), named(volumes), host.clock() // _DAY)


def forecast(before: Sequence[Room], free: dict[str, int], today: int) -> int | None:
    """As `full_in`, from what is remembered and what is free now."""
    if not free:
        raise CannotLook("unsupported", "no drive that counts")
    past = [one for one in before if today - REMEMBERED_DAYS <= one.day < today]
    lines = [_line(past, name, left, today) for name, left in free.items()]
    days = [_full_on(line) for line in lines if line]
    soonest = min((day for day in days if day is not None), default=None)
    if soonest is not None:
        return soonest - (soonest - _MONDAY) % _WEEK
    if not all(lines):
        raise CannotLook("deferred", "too few days are remembered")
    return None


def _line(past: Sequence[Room], name: str, left: int, today: int) -> list[tuple[int, int]]:
    """One volume's days and the least free in the week up to each, oldest first; empty for too
    few."""
    seen = {one.day: one.free[name] for one in past if name in one.free} | {today: left}
    first = min(seen)
    line = [(day, _least(seen, day)) for day in sorted(seen) if day >= first + _WEEK - 1]
    return line if len(line) >= LEAST_DAYS and today - first >= LEAST_SPAN else []


def _least(seen: dict[int, int], day: int) -> int:
    """The least that was free in the week that ends with a day."""
    return min(free for then, free in seen.items() if day - _WEEK < then <= day)


def _full_on(line: Sequence[tuple[int, int]]) -> int | None:
    """The day on which nothing is left; None: not soon."""
    paces = [(b - a) / (later - day) for (day, a), (later, b) in combinations(line, 2)]
    paces.sort()  # the standard library's own median loads more than all this costs
    pace = (paces[(len(paces) - 1) // 2] + paces[len(paces) // 2]) / 2
    today, left = line[-1][0], max(0, line[-1][1])
    if pace >= 0 or left > -pace * SOON_DAYS:
        return None
    return today + int(left / -pace)
