"""Events in their one spelling: canonical bytes, hashed and signed, and back (I1, I12)."""

from typing import Final, cast, get_args

from inventory.disposal.event import Step, tag
from inventory.disposal.events import Event, Inspected, MediumAppeared, Withdrawn
from inventory.disposal.values import FoundMedium
from wire import canonical

LIMIT: Final = 64 * 1024
"""Bytes of one event."""
KINDS: Final[dict[str, type[Step]]] = {tag(kind.__name__): kind for kind in get_args(Event)}
"""Every event by its tag."""


def tag_of(event: Event) -> str:
    """The event's type as it is stored: `withdrawn`, `medium_failed`, …"""
    return tag(type(event).__name__)


def encode(event: Event) -> bytes:
    """The canonical bytes. Raises WireError for an event that `decode` would not take back."""
    data = canonical.encode(event)
    decode(data)
    return data


def decode(data: bytes) -> Event:
    """An event from its canonical bytes; every limit of `values` holds. Raises WireError for any
    other bytes."""
    return canonical.decode(data, cast("type[Event]", Event), limit=LIMIT)


def media_of(event: Event) -> tuple[FoundMedium, ...]:
    """The media that an event brings in."""
    match event:
        case Withdrawn():
            return event.found
        case Inspected():
            return event.media
        case MediumAppeared():
            return (event.medium,)
        case _:
            return ()
