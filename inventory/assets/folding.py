"""An entry is the fold of its events: pure, so that a test can play any history (A7).

Each event holds what it changed, before and after. Playing them in order from nothing gives the
row; an event whose `before` is not what stands there means that a row was changed behind its
history.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from inventory.assets.fields import DEFAULTS

START: Final[Mapping[str, Any]] = {
    **DEFAULTS,
    "kind": "computer",
    "state": "in_use",
    "holder": "",
    "due_on": "",
    "merged_into": "",
    "papers": [],
    "fixed_by_person": [],
}
"""An entry before its first event; `kind` is what the first release took for granted."""


class Change(msgspec.Struct, frozen=True):
    """The part of an event that changes an entry."""

    seq: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class HistoryError(Exception):
    """The history does not fit together; the sentence names the event."""


def fold(events: Iterable[Change]) -> dict[str, Any]:
    """The entry after its events, the first of which is number 1. Raises HistoryError."""
    row = dict(START)
    for number, event in enumerate(events, start=1):
        if event.seq != number:
            raise HistoryError(f"Event {number} is missing; the next one is number {event.seq}.")
        for name, value in event.before.items():
            if row.get(name) != value:
                raise HistoryError(f"Event {number} says that {name} was something else before.")
        row.update(event.after)
    return row
