"""What `journalctl -o json` prints: one object a line, of which the units' ends are kept.

Fields are texts; one that is not UTF-8 is a list of numbers, one too long is null, and one that
stands twice is a list of texts: such an entry is left out, as nobody can read it for certain. The
time is `__REALTIME_TIMESTAMP`, microseconds. A last line that was cut is left out too.
Seen: systemd 252 (Debian 12), whose catalogue of messages names the identifiers.
"""

from typing import Final

import msgspec

LONGEST_LINE: Final = 65_536


class Entry(msgspec.Struct, frozen=True):
    """One record about a unit: its message's identifier and when, epoch seconds UTC."""

    unit: str
    message: str
    at: int


class _Line(msgspec.Struct):
    UNIT: str
    MESSAGE_ID: str
    at: str = msgspec.field(name="__REALTIME_TIMESTAMP")


_DECODER: Final = msgspec.json.Decoder(_Line)


def parse(data: bytes) -> list[Entry]:
    """The records in the order they were printed."""
    return [entry for line in data.split(b"\n") if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> Entry | None:
    if not line.startswith(b"{") or len(line) > LONGEST_LINE:
        return None
    try:
        found = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not (found.at.isascii() and found.at.isdecimal()) or len(found.at) > 18:
        return None
    return Entry(found.UNIT, found.MESSAGE_ID, int(found.at) // 1_000_000)
