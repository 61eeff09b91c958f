"""Classroom equipment that appears as a USB drive, by the dated table in `equipment.toml` (S5)."""

import functools
import tomllib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from importlib.resources import files


@functools.cache
def _table() -> tuple[tuple[str, str], ...]:
    text = (files("checks.removable_media") / "equipment.toml").read_text(encoding="utf-8")
    return tuple((row["usb"], row["name"]) for row in tomllib.loads(text)["equipment"])


def classroom(usb: str) -> str | None:
    """What kind of classroom equipment these numbers are, or None."""
    return next((name for pattern, name in _table() if usb and fnmatchcase(usb, pattern)), None)


def matches(patterns: Iterable[str], media_id: str) -> bool:
    """Whether an id is one of the approved ones (globs, O22)."""
    return any(fnmatchcase(media_id, pattern) for pattern in patterns)
