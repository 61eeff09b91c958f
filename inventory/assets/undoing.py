"""What taking a step back would do: what still stands as it was left, and what has nowhere to go.

The caller holds the rows. Nothing here changes anything.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Q, QuerySet

from inventory.assets import disposing
from inventory.assets.folding import START
from inventory.assets.states import GONE
from inventory.assets.writing import value_of
from inventory.many import by_id, parts
from inventory.models import Asset, AssetEvent, Person, Pool, Room

ELSEWHERE: Final = frozenset(
    {"asset.allocate", "asset.return", "asset.extend", "asset.merge", "asset.unmerge"}
)
"""More than fields of an entry: who has what (`inventory.allocation.handovers`), and which entries
are one thing (`inventory.identity.merging`). These are undone where they were done."""
_FIELDS: Final = ("holder", "due_on", "merged_into")
"""Fields that say so, e.g. where a give was taken back."""
_DEEPEST: Final = 9

Will = dict[str, dict[str, Any]]
"""Entry → what it will say instead."""


class Undone(msgspec.Struct, frozen=True):
    """`done` events were taken back; of the entries in `kept`, something was changed since, or what
    they would go back to is no more, so that they stay as they are."""

    done: int
    kept: list[str]


def is_elsewhere(event: AssetEvent) -> bool:
    """Whether an event is taken back where it was done; a disposal's are by no one (I12)."""
    if event.verb.startswith(disposing.VERB):
        return True
    return event.verb in ELSEWHERE or not event.after.keys().isdisjoint(_FIELDS)


def any_elsewhere(events: QuerySet[AssetEvent]) -> bool:
    """Whether one of these is."""
    told = Q(verb__in=ELSEWHERE) | Q(verb__startswith=disposing.VERB)
    return events.filter(told | Q(after__has_any_keys=[*_FIELDS])).exists()


def by_entry(events: Iterable[AssetEvent]) -> dict[str, list[AssetEvent]]:
    """In their order."""
    found: dict[str, list[AssetEvent]] = defaultdict(list)
    for event in events:
        found[event.asset_id].append(event)
    return found


def left_by(events: Iterable[AssetEvent]) -> Will:
    """How a batch left each entry, by its events newest first: all of one that it made."""
    left: Will = defaultdict(dict)
    for event in events:
        start = {} if event.before else START
        left[event.asset_id] = {**start, **event.after, **left[event.asset_id]}
    return left


def is_still(row: Asset, left: Mapping[str, Any]) -> bool:
    """Whether an entry is as its newest event of the batch left it."""
    return all(value_of(row, name) == value for name, value in left.items())


def before(event: AssetEvent) -> dict[str, Any]:
    """What an entry says when this event is taken back; one that it made is withdrawn."""
    if event.before:
        return dict(event.before)
    return {"state": "withdrawn", "tag": "", "parent": ""}


def before_all(events: Iterable[AssetEvent]) -> dict[str, Any]:
    """Likewise for all of an entry's events, newest first."""
    told: dict[str, Any] = {}
    for event in events:
        told |= before(event)
    return told


def levels(events: Sequence[AssetEvent]) -> list[list[AssetEvent]]:
    """Events newest first, each entry at most once per level."""
    depth: Counter[str] = Counter()
    found: list[list[AssetEvent]] = []
    for event in events:
        if depth[event.asset_id] == len(found):
            found.append([])
        found[depth[event.asset_id]].append(event)
        depth[event.asset_id] += 1
    return found


def leave_hindered(site_id: str, rows: Mapping[str, Asset], will: Will) -> None:
    """Take out of `will` what cannot be: whoever would be given it, or the place it would go back
    to, is no more; its tag is another one's by now; it would be kept in itself; it would be
    withdrawn with things in it; it is on its way out. One that stays may hinder the next."""
    while hindered := _hindered(site_id, rows, will):
        for asset_id in hindered:
            del will[asset_id]


def lost_places(site_id: str, wanted: Iterable[str]) -> set[str]:
    """Those of these people, rooms, pools and things that are not there to go back to."""
    asked = {one for one in wanted if one}
    there: list[QuerySet[Any]] = [
        Person.objects.filter(site_id=site_id).exclude(name=""),
        Room.objects.filter(site_id=site_id, ended_at=None),
        Pool.objects.filter(site_id=site_id, ended_at=None),
        Asset.objects.filter(site_id=site_id).exclude(state__in=GONE),
    ]
    return asked - {row.pk for rows in there for row in by_id(rows.only("pk"), asked)}


def _hindered(site_id: str, rows: Mapping[str, Asset], will: Will) -> set[str]:
    to = {one: _places(rows[one], told) for one, told in will.items()}
    lost = lost_places(site_id, (place for places in to.values() for place in places))
    lost -= {one for one, told in will.items() if told.get("state", "merged") not in GONE}
    lost |= {one for one, told in will.items() if told.get("state") in GONE}
    return (
        {one for one, places in to.items() if not lost.isdisjoint(places)}
        | _taken_tags(site_id, will)
        | _still_full(site_id, will)
        | _circles(will)
        | _leaving(will)
    )


def _leaving(will: Will) -> set[str]:
    """What is on its way out by now stays where its disposal has it."""
    return disposing.leaving([one for one, told in will.items() if "state" in told])


def _places(row: Asset, told: Mapping[str, Any]) -> list[str]:
    """Where it goes, and with whom; of what comes back at all, also where it still stands."""
    comes_back = row.state in GONE and told.get("state", row.state) not in GONE
    names = [name for name in ("room", "pool", "parent", "holder") if comes_back or name in told]
    return [place for name in names if (place := told.get(name, value_of(row, name)))]


def _taken_tags(site_id: str, will: Will) -> set[str]:
    wanted = {told["tag"]: one for one, told in will.items() if told.get("tag")}
    found: set[str] = set()
    for part in parts(wanted):
        rows = Asset.objects.filter(site_id=site_id, tag__in=part)
        for tag, held_by in rows.values_list("tag", "id"):
            if held_by != wanted[tag] and "tag" not in will.get(held_by, {}):
                found.add(wanted[tag])
    return found


def _still_full(site_id: str, will: Will) -> set[str]:
    """What would be gone while something is kept in it, or given to it."""
    going = [one for one, told in will.items() if told.get("state") in GONE]
    found: set[str] = set()
    for part in parts(going):
        things = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE)
        inside = things.filter(Q(parent__in=part) | Q(holder__in=part))
        for asset_id, parent, holder in inside.values_list("id", "parent_id", "holder"):
            told = will.get(asset_id, {})
            if told.get("state") not in GONE:
                found |= {told.get("parent", parent), told.get("holder", holder)}
    return found.intersection(going)


def _circles(will: Will) -> set[str]:
    asked = {one: str(told["parent"]) for one, told in will.items() if told.get("parent")}
    parents = dict(asked)
    level = set(asked.values()) - parents.keys()
    while level:
        known = {row.id: row.parent_id or "" for row in by_id(Asset.objects.all(), level)}
        parents |= {one: will.get(one, {}).get("parent", above) for one, above in known.items()}
        level = {above for above in (parents.get(one) for one in known) if above} - parents.keys()
    return {one for one in asked if _is_within_itself(one, parents)}


def _is_within_itself(asset_id: str, parents: Mapping[str, str]) -> bool:
    above = parents[asset_id]
    for _ in range(_DEEPEST):
        if not above or above == asset_id:
            break
        above = parents.get(above, "")
    return above == asset_id
