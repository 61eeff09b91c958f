"""What `wevtutil qe … /f:xml` prints: one `<Event>` after another, without a root around them.

Of each only its number, its level and its time are read, never its words: they are in the system's
language and hold names. Its system part comes before the data, so what a message holds cannot stand
for it. Bytes may be in any code page that has ASCII. Level 1 is critical, 2 an error, 3 a warning,
4 (in old logs 0) a note. Written after Microsoft's event schema; never run on Windows.
"""

import datetime
import re
from typing import Final

import msgspec

LONGEST_HEAD: Final = 8_192
_ID: Final = re.compile(rb"<EventID(?: Qualifiers=['\"]\d{1,10}['\"])?>(\d{1,5})</EventID>")
_LEVEL: Final = re.compile(rb"<Level>(\d{1,3})</Level>")
_TIME: Final = re.compile(rb"<TimeCreated SystemTime=['\"](\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[0-9.]*Z")


class Event(msgspec.Struct, frozen=True):
    """One event: `at` in epoch seconds UTC."""

    number: int
    level: int
    at: int


def parse(data: bytes) -> list[Event]:
    """The events in the order they were printed; one without number, level or time is left out."""
    parts = data.split(b"<Event ")[1:] or data.split(b"<Event>")[1:]
    return [event for part in parts if (event := _event(part)) is not None]


def _event(part: bytes) -> Event | None:
    head = part[:LONGEST_HEAD].partition(b"</System>")[0]
    number, level, time = _ID.search(head), _LEVEL.search(head), _TIME.search(head)
    if number is None or level is None or time is None:
        return None
    try:
        at = datetime.datetime.fromisoformat(f"{time[1].decode()}+00:00")
    except ValueError:
        return None
    return Event(int(number[1]), int(level[1]), int(at.timestamp()))
