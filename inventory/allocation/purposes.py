"""What the register says a computer is for: by who has it, the set it belongs to, the room it
stands in, and whether it goes home (S1).

What is kept in a trolley follows the trolley where nothing nearer is said of it.
"""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from inventory.many import parts
from inventory.models import Allocation, Asset, Person, Pool, Room

_DEEPEST: Final = 4
"""As deep as things are kept in things (`inventory.assets.services`)."""
_KINDS: Final[Mapping[str, type[Person] | type[Pool] | type[Room]]] = {
    "person": Person,
    "pool": Pool,
    "room": Room,
}


class Said(msgspec.Struct, frozen=True):
    """Profiles, "" where none is said, and whether it is given out to go home."""

    person: str = ""
    pool: str = ""
    room: str = ""
    goes_home: bool = False


def said_of(site_id: str, asset_ids: Collection[str]) -> dict[str, Said]:
    """Of each entry; as many queries for one as for five hundred."""
    rows = _with_parents(site_id, asset_ids)
    open_ones = Allocation.objects.filter(site_id=site_id, until=None, goes_home=True)
    home = {
        asset_id
        for part in parts(rows)
        for asset_id in open_ones.filter(asset_id__in=part).values_list("asset_id", flat=True)
    }
    profiles: dict[str, str] = {}
    for kind, model in _KINDS.items():
        ids = {row[kind] for row in rows.values() if row[kind]}
        found = model._base_manager.filter(site_id=site_id, id__in=ids).exclude(profile="")
        profiles |= dict(found.values_list("id", "profile"))
    return {
        asset_id: _said(_chain(rows, asset_id), profiles, home)
        for asset_id in asset_ids
        if asset_id in rows
    }


def entries_of(site_id: str, ids: Collection[str]) -> set[str]:
    """The entries that may follow from these entries, rooms, sets and people: themselves, what they
    hold, and what is kept in those."""
    found = {one for one in ids if one.startswith("asset_")}
    for place in set(ids) - found:
        kind = place.partition("_")[0]
        column = {"room": "room_id", "pool": "pool_id"}.get(kind, "holder")
        rows = Asset.objects.filter(site_id=site_id, **{column: place})
        found |= set(rows.values_list("id", flat=True))
    level = found
    for _ in range(_DEEPEST):
        below: set[str] = set()
        for some in parts(level):
            kept = Asset.objects.filter(site_id=site_id, parent_id__in=some)
            below |= set(kept.values_list("id", flat=True))
        level = below - found
        found |= level
    return found


def _with_parents(site_id: str, asset_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Entries and what they are kept in: where each is and who has it, by id."""
    rows: dict[str, dict[str, str]] = {}
    wanted = set(asset_ids)
    for _ in range(_DEEPEST + 1):
        if not wanted:
            break
        found = Asset.objects.filter(site_id=site_id, id__in=wanted)
        for row in found.values("id", "parent_id", "room_id", "pool_id", "holder"):
            holder = row["holder"]
            rows[row["id"]] = {
                "parent": row["parent_id"] or "",
                "room": row["room_id"] or "",
                "pool": row["pool_id"] or "",
                "person": holder if holder.startswith("pers_") else "",
            }
        wanted = {row["parent"] for row in rows.values() if row["parent"]} - set(rows)
    return rows


def _chain(rows: Mapping[str, dict[str, str]], asset_id: str) -> list[tuple[str, dict[str, str]]]:
    """An entry, then what it is kept in, and so on."""
    chain: list[tuple[str, dict[str, str]]] = []
    while asset_id in rows and len(chain) <= _DEEPEST:
        chain.append((asset_id, rows[asset_id]))
        asset_id = rows[asset_id]["parent"]
    return chain


def _said(
    chain: list[tuple[str, dict[str, str]]], profiles: Mapping[str, str], home: Collection[str]
) -> Said:
    nearest = {
        kind: next((profiles[row[kind]] for _, row in chain if row[kind] in profiles), "")
        for kind in _KINDS
    }
    return Said(**nearest, goes_home=any(asset_id in home for asset_id, _ in chain))
