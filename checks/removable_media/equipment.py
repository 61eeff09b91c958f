"""Classroom equipment that appears as a USB drive, by the dated table in `equipment.toml` (S5)."""

import functools
from collections.abc import Iterable
from fnmatch import fnmatchcase

from checks import shipped


@functools.cache
def _table() -> tuple[tuple[str, str], ...]:
    rows = shipped.toml("removable_media/equipment.toml")["equipment"]
    return tuple((row["usb"], row["name"]) for row in rows)


def classroom(usb: str) -> str | None:
    """What kind of classroom equipment these numbers are, or None."""
    return next((name for pattern, name in _table() if usb and fnmatchcase(usb, pattern)), None)


def matches(patterns: Iterable[str], media_id: str) -> bool:
    """Whether an id is one of the approved ones (globs, O22)."""
    return any(fnmatchcase(media_id, pattern) for pattern in patterns)
