"""Cells of a management's sheet, understood: moments, days, sizes, yes and no.

An empty cell, or one that says nothing, is None. What is no such thing raises UnclearError: the
sheet then tells nothing of it, and the cell is named. Times without a zone are UTC, as in all the
sheets that were seen.
"""

import datetime
import re
from collections.abc import Collection
from typing import Final

from inventory.imports.values import MONTHS, NOTHING

_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_SLASHED: Final = re.compile(
    r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap]m))?)?",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    r"(?:(\d{1,2}) )?([a-z]{3,9})\.?(?: (\d{1,2}),?)? (\d{4})"
    r"(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap]m))?)?",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(r"\d{12,13}")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
"""What is older is a program's way to say never; Intune writes the year 1."""
_RELEASE: Final = re.compile(r"\d{1,5}(?:\.\d{1,6}){0,3}", re.ASCII)
_SIZE: Final = re.compile(r"(\d{1,15}(?:[.,]\d{1,6})?) ?(bytes|[kmgt]i?b)?", re.IGNORECASE)
_UNITS: Final = {"b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_LARGEST: Final = 10**15


class UnclearError(Exception):
    """A cell is not what it should be."""


_YES: Final = frozenset({"true", "yes", "y", "1", "on", "enabled"})
_NO: Final = frozenset({"false", "no", "n", "0", "off", "disabled"})


def moment(cell: str) -> int | None:
    """Epoch seconds; None for never."""
    text = " ".join(cell.split())
    if _is_nothing(text) or text.casefold() == "never":
        return None
    found = _moment(text)
    if found.year < _FIRST_YEAR:
        return None
    if found.year > _LAST_YEAR:
        raise UnclearError(text)
    return int(found.timestamp())


def day(cell: str) -> str | None:
    """A day as `2026-09-01`; of a month, its first: never more than the sheet says."""
    text = " ".join(cell.split())
    if _is_nothing(text):
        return None
    found = _moment(text)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise UnclearError(text)
    return found.date().isoformat()


def _moment(text: str) -> datetime.datetime:
    try:
        return _read(text)
    except (ValueError, OverflowError, OSError) as error:
        raise UnclearError(text) from error


def _read(text: str) -> datetime.datetime:
    if match := _ISO.fullmatch(text):
        year, month, day_, hour, minute, second, zone = match.groups()
        naive = _at((year, month, day_), (hour, minute, second), "")
        return naive.replace(tzinfo=datetime.UTC) - _offset(zone or "")
    if match := _SLASHED.fullmatch(text):
        day_, month, year, *clock, half = match.groups()
        return _at((year, month, day_), clock, half or "").replace(tzinfo=datetime.UTC)
    if match := _NAMED.fullmatch(text):
        before, name, after, year, *clock, half = match.groups()
        if (before and after) or name[:3].casefold() not in MONTHS:
            raise ValueError(text)
        month = str(MONTHS.index(name[:3].casefold()) + 1)
        parts = (year, month, before or after or "1")
        return _at(parts, clock, half or "").replace(tzinfo=datetime.UTC)
    if _STAMP.fullmatch(text):
        return datetime.datetime.fromtimestamp(int(text) // 1000, datetime.UTC)
    raise ValueError(text)


def _at(date: tuple[str, str, str], clock: Collection[str | None], half: str) -> datetime.datetime:
    hour, minute, second = (int(one or 0) for one in clock)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(half)
        hour = hour % 12 + (12 if half.casefold() == "pm" else 0)
    year, month, day_ = (int(one) for one in date)
    return datetime.datetime(year, month, day_, hour, minute, second)  # noqa: DTZ001  by the caller


def _offset(zone: str) -> datetime.timedelta:
    if not zone or zone in ("Z", "UTC"):
        return datetime.timedelta()
    digits = zone[1:].replace(":", "")
    size = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if zone[0] == "-" else size


def release(cell: str) -> str | None:
    """The number of a system's release: `26.4.0` of `iOS 26.4.0`."""
    if _is_nothing(" ".join(cell.split())):
        return None
    match = _RELEASE.search(cell[:80])
    return match[0] if match else None


def size(cell: str, unit: int) -> int | None:
    """Bytes; `unit`: what one is where the cell does not say."""
    text = " ".join(cell.split())
    if _is_nothing(text):
        return None
    match = _SIZE.fullmatch(text.replace(",", "") if "." in text else text)
    if match is None:
        raise UnclearError(text)
    said = (match[2] or "").casefold()
    one = _UNITS[said[0]] if said else unit
    found = int(float(match[1].replace(",", ".")) * one)
    if found > _LARGEST:
        raise UnclearError(text)
    return found


def yes(cell: str, more: Collection[str] = (), no: Collection[str] = ()) -> bool | None:
    """Yes or no, in the words of every sheet or in one's own."""
    text = " ".join(cell.split()).casefold()
    if text in more:
        return True
    if text in no:
        return False
    if _is_nothing(text):
        return None
    if text in _YES or text in _NO:
        return text in _YES
    raise UnclearError(text)


def _is_nothing(text: str) -> bool:
    return text.casefold() in NOTHING
