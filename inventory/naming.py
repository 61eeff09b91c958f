"""What people call the places, people and things that an id stands for."""

from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from inventory.assets.kinds import kinds
from inventory.assets.states import GONE
from inventory.many import parts
from inventory.models import Asset, Person, Pool, Room


def names(sites: Collection[str], ids: Collection[str]) -> dict[str, str]:
    """Id → name, of rooms, pools, people and entries of these schools; "" for a person who was
    erased or an entry without a name. An id that stands for nothing of theirs is left out."""
    wanted = set(filter(None, ids))
    found: dict[str, str] = {}
    for part in _of("room", wanted):
        for row in Room.objects.filter(site__in=sites, id__in=part):
            found[row.id] = room_name(row.building, row.name)
    for part in _of("pool", wanted):
        found |= dict(_pairs(Pool.objects.filter(site__in=sites, id__in=part)))
    for part in _of("pers", wanted):
        found |= dict(_pairs(Person.objects.filter(site__in=sites, id__in=part)))
    for part in _of("asset", wanted):
        rows = Asset.objects.filter(site__in=sites, id__in=part)
        for asset_id, name, tag in rows.values_list("id", "name", "tag"):
            found[asset_id] = name or tag
    return found


def rooms(sites: Collection[str]) -> list[tuple[str, str]]:
    """Id and name of the rooms there are, in walking order."""
    rows = Room.objects.filter(site__in=sites, ended_at=None)
    ordered = rows.order_by("order", "building", "name", "id")
    return [(row.id, room_name(row.building, row.name)) for row in ordered]


def pools(sites: Collection[str]) -> list[tuple[str, str]]:
    """Id and name of the pools there are, by name."""
    rows = Pool.objects.filter(site__in=sites, ended_at=None).order_by("name", "id")
    return _pairs(rows)


def trolleys(sites: Collection[str]) -> list[tuple[str, str]]:
    """Id and name of what holds other things, by name."""
    holding = [name for name, kind in kinds().items() if kind.holds]
    rows = Asset.objects.filter(site__in=sites, kind__in=holding).exclude(state__in=GONE)
    found = rows.order_by("name", "tag", "id").values_list("id", "name", "tag")
    return [(asset_id, name or tag or "A trolley without a name") for asset_id, name, tag in found]


def room_name(building: str, name: str) -> str:
    """A room as people say it: its building first, where that is known."""
    return f"{building}, {name}" if building else name


def _of(kind: str, ids: Collection[str]) -> Iterator[list[str]]:
    return parts([one for one in ids if one.startswith(f"{kind}_")])


def _pairs(rows: QuerySet[Pool] | QuerySet[Person]) -> list[tuple[str, str]]:
    return list(rows.values_list("id", "name"))
