"""Time spans in seconds: systemd's (`30min`, `1h 30min`, `infinity`) and `0:10:00`."""

import re
from typing import Final

from checks.formats.errors import ParseError

_UNITS: Final = {
    "": 1,
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3_600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
}
_PART = re.compile(r"\s*(\d{1,9})\s*([a-z]*)")
_CLOCK = re.compile(r"^(\d{1,4}):(\d{2})(?::(\d{2}))?$")


def seconds(text: str) -> int | None:
    """Whole seconds; None for `infinity`.

    Raises ParseError.
    """
    text = text.strip()
    if text == "infinity":
        return None
    total, at = 0, 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None or part[2] not in _UNITS:
            raise ParseError("not a time span")
        total += int(part[1]) * _UNITS[part[2]]
        at = part.end()
    if not text:
        raise ParseError("an empty time span")
    return total


def clock(text: str) -> int:
    """`h:mm:ss` or `h:mm` as seconds (xscreensaver).

    Raises ParseError.
    """
    match = _CLOCK.match(text.strip())
    if match is None:
        raise ParseError("not h:mm:ss")
    return int(match[1]) * 3_600 + int(match[2]) * 60 + int(match[3] or 0)
