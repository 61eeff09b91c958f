"""The data files that age: lists of end dates, products, programs and equipment, and since when.

Each is a TOML file in this package or a domain's folder with its day, `as_of`, at the top. What
makers, and those who write standards, do after that day is not in it, so somebody has to be told
when a list grows old.
"""

import datetime
import functools
from typing import Final

import msgspec

from checks import shipped

FRESH_DAYS: Final = 180
"""Our number: half a year, in which every maker ends something and begins something."""


class Dated(msgspec.Struct, frozen=True):
    """One list: its place in this package, such as `software/end_of_life`, and its day."""

    name: str
    as_of: datetime.date


@functools.cache
def lists() -> tuple[Dated, ...]:
    """Every list that travels with this release, by name."""
    found = []
    for path in sorted(shipped.FOLDER.rglob("*.toml")):
        name = path.relative_to(shipped.FOLDER).with_suffix("").as_posix()
        as_of = shipped.toml(f"{name}.toml").get("as_of")
        if isinstance(as_of, datetime.date):
            found.append(Dated(name, as_of))
    return tuple(found)


def old(today: datetime.date) -> list[Dated]:
    """Those that are older than `FRESH_DAYS`, the oldest first."""
    aged = [one for one in lists() if (today - one.as_of).days > FRESH_DAYS]
    return sorted(aged, key=lambda one: (one.as_of, one.name))
