"""What a device says of itself, as columns of its row. Pure; every string is hostile."""

from typing import Any, Final

from checks.surveys.equipment import Equipment, Point
from checks.unseen import Unseen
from wire.text import clean

GROUPS: Final = ("parts", "ports", "neighbours", "bindings", "default_community")
"""Fields of `Equipment` that are asked for, each of its own."""
AIR: Final = ("ssids", "points", "rogues")
"""The same of its `wireless`."""
_WORD: Final = 128
_MOST_BSSIDS: Final = 64


def says(told: Equipment | None, point: Point | None) -> dict[str, Any]:
    """Column → value; "" or {} where nothing was said, which erases nothing."""
    if told is None:
        return {} if point is None else _point(point)
    found: dict[str, Any] = {"kind": told.kind, "address": clean(told.address, 45)}
    found["way"] = told.way
    found["name"] = clean(told.identity.name, _WORD)
    found["location"] = clean(told.identity.location, _WORD)
    found["description"] = clean(told.identity.description, 255)
    found["object_id"] = clean(told.identity.object_id, _WORD)
    found["make"] = clean(told.identity.maker, _WORD)
    found |= _parts(told)
    if not isinstance(told.default_community, Unseen):
        found["community"] = told.default_community
    found["facts"] = _facts(told)
    return found


def _parts(told: Equipment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not isinstance(told.parts, Unseen):
        for part in told.parts:
            if part.kind != "module":
                found.setdefault("model", clean(part.model, _WORD))
                found.setdefault("firmware", clean(part.firmware, _WORD))
    for group in (told.printing, told.power):
        if group is not None and group.model:
            found["model"] = clean(group.model, _WORD)
    return found


def _point(point: Point) -> dict[str, Any]:
    bssids = sorted({one.lower() for one in point.bssids[:_MOST_BSSIDS]})
    return {
        "kind": "access-point",
        "name": clean(point.name, _WORD),
        "model": clean(point.model, _WORD),
        "address": clean(point.address, 45),
        "facts": {"bssids": [clean(one, 17) for one in bssids]} if bssids else {},
    }


def _facts(told: Equipment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if told.printing is not None:
        found |= {"pages": told.printing.pages, "alerts": told.printing.alerts}
    if told.power is not None:
        found |= {
            "battery": told.power.battery,
            "on_battery": told.power.on_battery,
            "minutes_left": told.power.minutes_left,
        }
    if told.wireless is not None:
        found["others"] = told.wireless.others
    return found


def answers(told: Equipment) -> dict[str, object]:
    """Group → what was answered, or why not; a group it has nothing of is left out."""
    found = {name: getattr(told, name) for name in GROUPS}
    if told.wireless is not None:
        found |= {name: getattr(told.wireless, name) for name in AIR}
    return found
