"""When a survey that nobody asks for is due: once each time the scope's hours open, or once a day
where they never close. A scope that may not be gone by is told of once a day, not every half hour.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from agent.survey.scope import Refused, Scope

NAME: Final = "survey_last.json"
_DAY: Final = 24 * 3_600
_MINUTE: Final = 60
_REFUSED: Final = 20 * 3_600
"""Seconds between two reports of a scope that is refused: once in each school day."""
_LARGEST: Final = 1_024


class _Last(msgspec.Struct, frozen=True):
    v: Literal[1] = 1
    began_at: int = 0


def due(scope: Scope | Refused, now: int, last: int) -> bool:
    """Whether to begin one now. `last`: when the newest began (epoch seconds), 0 for none yet."""
    last = min(last, now)  # a clock that was put back stops nothing for longer than a window
    if isinstance(scope, Refused):
        return now - last >= _REFUSED
    return scope.is_open(now) and last < opened_at(scope, now)


def opened_at(scope: Scope, now: int) -> int:
    """Since when the hours have been open, from a moment at which they are; a day ago at most, so
    that those which never close open each day."""
    at = now - now % _MINUTE
    earliest = now - _DAY
    while at - _MINUTE > earliest and scope.is_open(at - _MINUTE):
        at -= _MINUTE
    return at


def last(folder: Path) -> int:
    """When the newest began; 0 for none, and where that cannot be read. Raises OSError."""
    data = files.read_or_none(folder / NAME, _LARGEST)
    try:
        return 0 if data is None else msgspec.json.decode(data, type=_Last).began_at
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0


def begun(folder: Path, now: int) -> None:
    """One begins. Written down before it does: what breaks it will not break it every half hour.
    Raises OSError."""
    files.replace(folder / NAME, msgspec.json.encode(_Last(began_at=now)))
