"""What people may send us about places; anything else is said in one sentence."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inventory.assets.errors import RegisterError

_KINDS: Final = ("room", "pool", "trolley")
MOST_TICKED: Final = 1_000


class NewPlace(msgspec.Struct, frozen=True):
    """A room, set or trolley to make."""

    kind: str
    name: str
    building: str = ""
    profile: str = ""
    tag: str = ""
    room: str = ""


def new_place(typed: Mapping[str, str]) -> NewPlace:
    """Raises RegisterError."""
    kind = typed.get("kind", "")
    if kind not in _KINDS:
        raise RegisterError("bad_value", "Say whether it is a room, a set or a trolley.", "kind")
    names = ("name", "building", "profile", "tag", "room")
    return NewPlace(kind, *(typed.get(name, "") for name in names))


def changes(kind: str, typed: Mapping[str, str]) -> dict[str, str | int]:
    """What was asked to change of a room or set. Raises RegisterError."""
    names = ("name", "building", "profile") if kind == "room" else ("name", "profile")
    found: dict[str, str | int] = {name: typed[name] for name in names if name in typed}
    return found | ({"order": number(typed["order"])} if "order" in typed else {})


def number(text: str) -> int:
    """A place in the walking order; nothing typed is 0. Raises RegisterError."""
    text = text.strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise RegisterError("bad_value", "A place in the walking order is a whole number.", "order")
    return int(text or 0)


def ticked(ids: list[str]) -> list[str]:
    """Entries that were ticked. Raises RegisterError."""
    found = sorted({one[:32] for one in ids if "\0" not in one})
    if not found or len(found) > MOST_TICKED:
        raise RegisterError("none_ticked", "Tick at least one thing first.", "thing")
    return found
