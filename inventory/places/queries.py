"""What places there are, and how many things are in each; nothing that is gone counts."""

from collections.abc import Collection, Mapping
from typing import Final, Literal

import msgspec
from django.db.models import Count, Q, QuerySet

from inventory.assets.kinds import kinds
from inventory.assets.states import GONE
from inventory.models import Asset, Pool, Room
from inventory.places.services import version

PlaceKind = Literal["room", "pool", "trolley"]
HOLDING: Final = tuple(name for name, kind in kinds().items() if kind.holds)
MOST_TROLLEYS: Final = 2_000
"""Trolleys one page lists."""


class Place(msgspec.Struct, frozen=True):
    """A room, pool or trolley. `number`: things in it; `seen`: what a form carries so that two
    people see that they met; a trolley has a room and a tag, a room a building and an order."""

    id: str
    site: str
    kind: PlaceKind
    name: str
    number: int
    seen: str
    building: str = ""
    order: int = 0
    profile: str = ""
    room: str = ""
    tag: str = ""
    holder: str = ""


def rooms(sites: Collection[str]) -> list[Place]:
    """Rooms there are, in walking order."""
    rows = Room.objects.filter(site__in=sites, ended_at=None)
    counted = _counted(sites, "room")
    ordered = sorted(rows, key=_walked)
    return [_room(row, counted.get(row.id, 0)) for row in ordered]


def pools(sites: Collection[str]) -> list[Place]:
    """Pools there are, by name."""
    counted = _counted(sites, "pool")
    rows = Pool.objects.filter(site__in=sites, ended_at=None).order_by("name", "id")
    return [_pool(row, counted.get(row.id, 0)) for row in rows]


def trolleys(sites: Collection[str]) -> list[Place]:
    """Things that hold others, by name."""
    counted = _counted(sites, "parent")
    rows = _things(sites).filter(kind__in=HOLDING).order_by("name", "tag", "id")[:MOST_TROLLEYS]
    return [_trolley(row, counted.get(row.id, 0)) for row in rows]


def one(sites: Collection[str], place_id: str) -> Place | None:
    """One place that there is; None where it is not of these schools, or no more."""
    prefix = place_id.partition("_")[0]
    if prefix == "room":
        room = Room.objects.filter(site__in=sites, id=place_id, ended_at=None).first()
        return _room(room, _things(sites).filter(room=room).count()) if room else None
    if prefix == "pool":
        pool = Pool.objects.filter(site__in=sites, id=place_id, ended_at=None).first()
        return _pool(pool, _things(sites).filter(pool=pool).count()) if pool else None
    held = _things(sites).filter(id=place_id, kind__in=HOLDING).first()
    return _trolley(held, _things(sites).filter(parent=held).count()) if held else None


def kinds_in(sites: Collection[str], place: Place) -> dict[str, int]:
    """Kind → how many of it are there."""
    rows = _things(sites).filter(**{column_of(place.id): place.id})
    counted = rows.values_list("kind").annotate(n=Count("id")).order_by("-n", "kind")
    return dict(counted)


def by_tag(sites: Collection[str], typed: Collection[str]) -> Mapping[str, list[str]]:
    """What was typed or scanned → ids of the entries with that tag or serial number, in either
    case compared without regard to capitals; nothing that is gone."""
    wanted = {text.casefold() for text in typed}
    found: dict[str, list[str]] = {text: [] for text in wanted}
    exact = Q(tag__in=[*typed]) | Q(serial__in=[*typed])
    upper = Q(tag__in=[text.upper() for text in typed])
    low = Q(tag__in=[text.lower() for text in typed])
    serials = Q(serial__in=[text.upper() for text in typed])
    rows = _things(sites).filter(exact | upper | low | serials)
    for asset_id, tag, serial in rows.order_by("id").values_list("id", "tag", "serial"):
        # A tag is the school's own and never twice; a serial number only helps where none is.
        for text in {tag.casefold(), serial.casefold()} & wanted:
            found[text].append(asset_id)
    return found


def column_of(place_id: str) -> str:
    """The field of an entry that names such a place."""
    prefix = place_id.partition("_")[0]
    return {"room": "room", "pool": "pool"}.get(prefix, "parent")


def _things(sites: Collection[str]) -> QuerySet[Asset]:
    return Asset.objects.filter(site__in=sites).exclude(state__in=GONE)


def _counted(sites: Collection[str], column: str) -> dict[str, int]:
    rows = _things(sites).exclude(**{column: None}).values_list(column)
    return dict(rows.annotate(n=Count("id")).order_by())


def _walked(row: Room) -> tuple[bool, int, str, str, str]:
    """In order of their numbers, then those nobody gave one."""
    return (row.order == 0, row.order, row.building, row.name, row.id)


def _room(row: Room, number: int) -> Place:
    return Place(
        row.id,
        row.site_id,
        "room",
        row.name,
        number,
        version(row),
        building=row.building,
        order=row.order,
        profile=row.profile,
    )


def _pool(row: Pool, number: int) -> Place:
    return Place(row.id, row.site_id, "pool", row.name, number, version(row), profile=row.profile)


def _trolley(row: Asset, number: int) -> Place:
    return Place(
        row.id,
        row.site_id,
        "trolley",
        row.name or row.tag,
        number,
        str(row.seq),
        room=row.room_id or "",
        tag=row.tag,
        holder=row.holder,
    )
