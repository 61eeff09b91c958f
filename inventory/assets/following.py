"""What is kept in a trolley stands where the trolley stands, however it got there (S29)."""

from collections.abc import Mapping
from typing import Final

from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kinds
from inventory.many import by_id, parts
from inventory.models import Asset

_HOLDING: Final = [name for name, kind in kinds().items() if kind.holds]
_DEEPEST: Final = 4
"""Things kept in things kept in things: a stick in a case in a trolley in a cupboard."""

Changes = Mapping[str, Mapping[str, object]]


def with_contents(site_id: str, changes: Changes) -> Changes:
    """The changes and what follows from them: a thing put into a trolley is in its room, and a
    trolley that moves takes all in it along. What asks for a room of its own keeps it."""
    put_in = [i for i, values in changes.items() if values.get("parent") and "room" not in values]
    moved = _moved(site_id, changes)
    if not put_in and not moved:
        return changes
    wanted: dict[str, Mapping[str, object]] = dict(changes)
    rooms = _rooms_of(site_id, {str(changes[i]["parent"]) for i in put_in}) | moved
    for asset_id in put_in:
        room = rooms.get(str(changes[asset_id]["parent"]), "")
        wanted[asset_id] = {**changes[asset_id], "room": room}
    level = moved | _held_among(site_id, {i: str(wanted[i]["room"]) for i in put_in})
    for _ in range(_DEEPEST):
        level = _take_along(site_id, level, wanted)
    return wanted


def locked_with_contents(site_id: str, changes: Changes) -> tuple[Changes, dict[str, Asset]]:
    """Likewise, as it is while nobody else can change it, and all rows of it. What things are put
    into is locked, too: it might move meanwhile. Raises RegisterError for one that is not there."""
    rows = Asset.objects.select_for_update().filter(site_id=site_id)
    holders = {str(values["parent"]) for values in changes.values() if values.get("parent")}
    asked = {*with_contents(site_id, changes), *holders}
    found = {row.id: row for row in by_id(rows, asked)}
    wanted = with_contents(site_id, changes)
    found |= {row.id: row for row in by_id(rows, wanted.keys() - asked)}
    if not wanted.keys() <= found.keys():
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    return wanted, found


def holders_above(parent: str) -> set[str]:
    """A holder and what it is itself kept in: none of these can be kept in it."""
    found: set[str] = set()
    while parent and parent not in found:
        found.add(parent)
        rows = Asset.objects.filter(id=parent)
        parent = rows.values_list("parent_id", flat=True).first() or ""
    return found


def check_nesting(wanted: Mapping[str, Mapping[str, object]]) -> None:
    """Nothing is kept in itself, however many steps away, as things will be. Raises
    RegisterError."""
    asked = {i: str(values["parent"]) for i, values in wanted.items() if values.get("parent")}
    level = set(asked.values())
    parents = dict(asked)
    for _ in range(_DEEPEST):
        rows = by_id(Asset.objects.all(), level - parents.keys())
        known = {row.id: row.parent_id or "" for row in rows}
        taken_out = {i: "" for i in known if "parent" in wanted.get(i, {})}
        parents |= known | taken_out
        level = set(filter(None, known.values())) - parents.keys()
    for asset_id in asked:
        above, steps = parents[asset_id], 1
        while above:
            if above == asset_id:
                raise RegisterError("nested", "Nothing can be kept in itself.", "parent")
            above, steps = parents.get(above, ""), steps + 1
            if steps > _DEEPEST:
                raise RegisterError("nested", f"Things are kept at most {_DEEPEST} deep.", "parent")


def everything_in(site_id: str, holder: str) -> list[str]:
    """Ids of all that is kept in something, and in what is kept in it; by id."""
    found: set[str] = set()
    level = [holder]
    for _ in range(_DEEPEST):
        rows = Asset.objects.filter(site_id=site_id)
        inside = (
            rows.filter(parent__in=part).values_list("id", flat=True) for part in parts(level)
        )
        level = [one for some in inside for one in some if one not in found]
        found.update(level)
    return sorted(found - {holder})


def _moved(site_id: str, changes: Changes) -> dict[str, str]:
    """What holds things and gets another room → that room."""
    asked = {i: str(values["room"]) for i, values in changes.items() if "room" in values}
    if not asked:
        return {}
    rows = by_id(Asset.objects.filter(site_id=site_id, kind__in=_HOLDING), asked)
    return {row.id: asked[row.id] for row in rows if (row.room_id or "") != asked[row.id]}


def _held_among(site_id: str, rooms: Mapping[str, str]) -> dict[str, str]:
    rows = by_id(Asset.objects.filter(site_id=site_id, kind__in=_HOLDING), rooms)
    return {row.id: rooms[row.id] for row in rows}


def _rooms_of(site_id: str, holders: set[str]) -> dict[str, str]:
    rows = by_id(Asset.objects.filter(site_id=site_id), holders)
    return {row.id: row.room_id or "" for row in rows}


def _take_along(
    site_id: str, level: Mapping[str, str], wanted: dict[str, Mapping[str, object]]
) -> dict[str, str]:
    """Send what is in these to their rooms; those among it that hold something, for the next."""
    if not level:
        return {}
    further: dict[str, str] = {}
    things = Asset.objects.filter(site_id=site_id)
    inside = (
        found
        for part in parts(level)
        for found in things.filter(parent__in=part).values_list("id", "parent_id", "kind")
    )
    for asset_id, parent, kind in inside:
        own = wanted.get(asset_id, {})
        if "room" in own or "parent" in own:
            continue
        wanted[asset_id] = {**own, "room": level[parent]}
        if kind in _HOLDING:
            further[asset_id] = level[parent]
    return further
