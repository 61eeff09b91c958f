"""`wmic … /format:list`: one `Name=value` a line, objects apart by blank lines.

Traps: text is in the system's language; `&` and its kin are written as XML writes them; a value may
hold line ends, blank lines too, so a name that comes again begins the next object as well; lists
are `{3,4}` or `{"a","b"}`, and a GUID in braces is none. Numbers stay text: only the class knows
whether `0042` is one. Times become UTC in ISO 8601, as the live door gives them.
"""

import datetime
import html
import re
from typing import Final

from checks.formats import secret_values, windows_text
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 26
MOST: Final = 400_000
"""Lines; all devices of a computer are some ten thousand."""

Field = str | bool | list[str] | list[int] | None
Row = dict[str, Field]

_PAIR: Final = re.compile(r"([A-Za-z_]\w{0,127})=(.*)")
_NUMBERS: Final = re.compile(r"\{\d{1,20}(?:,\d{1,20}){0,4096}\}")
_TIME: Final = re.compile(r"(\d{14})\.(\d{6})([+-])(\d{3})")
_BOOLS: Final = {"TRUE": True, "FALSE": False}


def parse(data: bytes) -> list[Row]:
    """The objects, none for a listing of nothing. Raises ParseError if no line is `Name=value`."""
    lines = windows_text.lines(windows_text.decode(data, LONGEST))
    if len(lines) > MOST:
        raise ParseError("wmi: too many lines")
    objects: list[dict[str, list[str]]] = []
    here: dict[str, list[str]] = {}
    last: list[str] | None = None
    gap = _gap(lines)
    for line in lines:
        found = _PAIR.fullmatch(line)
        if found is not None:
            apart = last is not None and len(last) > gap + 1 and not any(last[-1 - gap :])
            if not here or apart or found[1] in here:
                objects.append(here := {})
            last = here.setdefault(found[1], [found[2]])
        elif last is not None:
            last.append(line)
    if not objects and any(line.strip() for line in lines):
        raise ParseError("wmi: no line is a name and a value")
    return [{name: _field(name, parts) for name, parts in one.items()} for one in objects]


def _gap(lines: list[str]) -> int:
    """Blank lines after each line, where an editor made two ends of the doubled one: 0 mostly."""
    gap, blanks = 1 << 30, 1 << 30
    for line in lines:
        if _PAIR.fullmatch(line):
            gap, blanks = min(gap, blanks), 0
        else:
            blanks = blanks + 1 if not line.strip() else 1 << 30
        if gap == 0:
            break
    return gap if gap < 1 << 30 else 0


def _field(name: str, parts: list[str]) -> Field:
    text = html.unescape("\n".join(parts).rstrip("\n"))
    if text == "":
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text == "{}":
        return []
    if _NUMBERS.fullmatch(text):
        return [int(one) for one in text[1:-1].split(",")]
    if text.startswith('{"') and text.endswith('"}'):
        return [secret_values.without(name, one) for one in text[2:-2].split('","')]
    if time := _TIME.fullmatch(text):
        return _moment(time) or text
    return secret_values.without(name, text)


def _moment(found: re.Match[str]) -> str | None:
    """UTC, or None for a time that is none: zeros, or one before the calendar."""
    minutes = int(found[4]) * (1 if found[3] == "+" else -1)
    try:
        local = datetime.datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(
            microsecond=int(found[2]), tzinfo=datetime.UTC
        )
        moment = local - datetime.timedelta(minutes=minutes)
    except (ValueError, OverflowError):
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond:06d}Z"
