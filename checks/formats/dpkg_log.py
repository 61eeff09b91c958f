"""dpkg's log: what was installed, upgraded and removed, and when.

Traps: times are the machine's local time without an offset and are read as UTC (an hour's error in
summer, where days are asked for); the log is rotated, so the first line is where memory begins;
most lines are states, which are skipped.
"""

import datetime
import functools
import re
from typing import Literal, cast

import msgspec

_LINE = re.compile(
    r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (install|upgrade|remove) (\S+) (\S+) (\S+)$", re.MULTILINE
)
_FIRST = re.compile(r"\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ")

Verb = Literal["install", "upgrade", "remove"]


class Action(msgspec.Struct, frozen=True):
    """One thing dpkg did. `name` has no architecture; `new` is `<none>` for a removal."""

    at: int
    verb: Verb
    name: str
    old: str
    new: str


class Log(msgspec.Struct, frozen=True):
    """All actions in order, and when the log begins (None for an empty log)."""

    begins_at: int | None
    actions: list[Action]


def parse(data: bytes) -> Log:
    """Every action; lines that are none are skipped."""
    return _parsed(data)


@functools.lru_cache(maxsize=2)  # two domains read the same two files in one round
def _parsed(data: bytes) -> Log:
    text = data.decode("utf-8", "replace")
    first = _FIRST.match(text)
    actions = []
    for when, verb, name, old, new in _LINE.findall(text):
        at = _epoch(when)
        if at is not None:
            plain = name.partition(":")[0]
            actions.append(Action(at, cast("Verb", verb), plain, old, new))
    return Log(_epoch(first[1]) if first else None, actions)


def _epoch(text: str) -> int | None:
    try:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        return None
