"""The queue in its parts: first what was expected, then the others, first come first shown.

Which entry a computer would become is what the register would say of it if it were let in now
(`inventory.identity.foreseeing`), never its name. Nothing is let in by being expected.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import QuerySet

from controller.fleet import returning, waiting
from controller.fleet.models import Device
from controller.fleet.returning import TWICE, Old
from controller.fleet.waiting import Waiting
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.deliveries import queries as deliveries
from inventory.identity.candidates import Asked
from inventory.identity.foreseeing import Foreseen, foresee
from inventory.reinstalls import queries as reinstalls
from inventory.reinstalls.queries import Expected

MOST_LOOKED: Final = 2_000
"""Computers that wait whose marks are compared, first come first."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One computer with the entry it would become."""

    card: Waiting
    entry: str
    name: str
    tag: str

    @property
    def value(self) -> str:
        """What a form sends: it is let in as this entry or not at all."""
        return f"{self.card.id}:{self.entry}"


@dataclass(frozen=True, slots=True)
class Former:
    """The computer whose place one would take; every string may be shown as it is."""

    id: str
    name: str
    model: str
    os_name: str
    words: tuple[str, ...]
    marks: list[tuple[str, str]]
    profile: str
    join_code: str
    joined_at: int
    last_seen_at: int | None


@dataclass(frozen=True, slots=True)
class Returning:
    """One computer beside the old one, and since when and why it is expected."""

    card: Waiting
    entry: str
    name: str
    tag: str
    old: Former
    early: bool
    """It asked before it was expected."""

    @property
    def value(self) -> str:
        """What a form sends: it comes back as this entry, in the place of this computer, or not
        at all."""
        return f"{self.card.id}:{self.entry}:{self.old.id}"


@dataclass(frozen=True, slots=True)
class Back:
    """Computers that come back set up anew, by one request."""

    id: str
    reason: str
    made_at: int
    ends_at: int
    returning: list[Returning]


@dataclass(frozen=True, slots=True)
class FromDelivery:
    """Computers of one delivery that ask to be let in."""

    id: str
    name: str
    made_at: int
    arrivals: list[Arrival]


@dataclass(frozen=True, slots=True)
class Queue:
    """All that wait; `total` may be more than is shown."""

    deliveries: list[FromDelivery]
    back: list[Back]
    rows: list[Waiting]
    total: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found out about those that wait: by id of a computer. `contested`: entries that more
    than one of them might be."""

    devices: list[Device]
    seen: Mapping[str, Foreseen]
    contested: frozenset[str]
    awaited: Mapping[str, Mapping[str, Any]]
    expected: Mapping[str, Expected]
    olds: Mapping[str, list[Device]]


def look(pending: QuerySet[Device], now: int) -> Looked:
    """Compare those that wait with the register: as many queries for thirty as for one.

    What is expected back is looked at as if its old computer were gone already; whether it may be
    is `returning`'s to say.
    """
    ordered = pending.select_related("join_code").order_by("enrolled_at", "id")
    devices = list(ordered[:MOST_LOOKED])
    sites = {device.site_id for device in devices}
    asked = {device.id: Asked(device.site_id, device.factors) for device in devices}
    live = Device.objects.filter(site__in=sites, state="active", left_at=None)
    bound = set(live.filter(asset__isnull=False).values_list("asset_id", flat=True))
    back = reinstalls.expected(sites, now) if devices else {}
    seen = foresee(asked, bound - back.keys()) if devices else {}
    might = Counter(asset_id for one in seen.values() for asset_id in one.near)
    fitting = {one.asset_id for one in seen.values()} - {""}
    return Looked(
        devices=devices,
        seen=seen,
        contested=frozenset(asset_id for asset_id, n in might.items() if n > 1),
        awaited=_awaited(sites, fitting - back.keys()) if fitting else {},
        expected={entry: back[entry] for entry in might if entry in back},
        olds=_olds(sites, back.keys() & might.keys()),
    )


def delivered(looked: Looked) -> dict[str, str]:
    """Computer → entry, of those that are let in with their delivery."""
    return {
        device.id: entry
        for device in looked.devices
        if (entry := looked.seen[device.id].asset_id) in looked.awaited
        if entry not in looked.contested and "serial" in looked.seen[device.id].mine
    }


def returns(looked: Looked) -> dict[str, tuple[str, str]]:
    """Computer → entry and old computer, of those that come back set up anew with no doubt."""
    return {
        device.id: (entry, looked.olds[entry][0].id)
        for device in looked.devices
        if (entry := looked.seen[device.id].asset_id) in looked.expected
        if not _doubts(device, looked)
    }


def queue(pending: QuerySet[Device], now: int) -> Queue:
    """All that wait, in parts."""
    looked = look(pending, now)
    first, again = delivered(looked), returns(looked)
    known = {**first, **again}
    ordered = sorted(looked.devices, key=lambda device: device.id not in known)[: waiting.MOST]
    cards = dict(zip([device.id for device in ordered], waiting.cards(ordered), strict=True))
    came: dict[str, FromDelivery] = {}
    back: dict[str, Back] = {}
    rows = []
    for device in ordered:
        card = cards[device.id]
        if device.id in first:
            _deliver(came, card, first[device.id], looked)
        elif device.id in again:
            _return(back, card, again[device.id][0], looked)
        else:
            rows.append(replace(card, doubts=_doubts(device, looked)))
    return Queue(list(came.values()), list(back.values()), rows, len(looked.devices))


def _awaited(sites: set[str], entries: set[str]) -> dict[str, dict[str, Any]]:
    """Entries of a delivery as which no computer was ever let in."""
    found = deliveries.awaited(sites, entries)
    known = Device.objects.filter(site__in=sites, asset_id__in=list(found))
    had = set(known.values_list("asset_id", flat=True)) if found else set()
    return {entry: row for entry, row in found.items() if entry not in had}


def _olds(sites: set[str], entries: set[str]) -> dict[str, list[Device]]:
    """What reports as these entries."""
    found: dict[str, list[Device]] = {entry: [] for entry in entries}
    rows = Device.objects.filter(site__in=sites, state="active", asset_id__in=entries)
    for row in rows.select_related("join_code").order_by("id") if entries else ():
        found[str(row.asset_id)].append(row)
    return found


def _deliver(found: dict[str, FromDelivery], card: Waiting, entry: str, looked: Looked) -> None:
    row = looked.awaited[entry]
    group = found.setdefault(
        row["delivery"],
        FromDelivery(row["delivery"], shown(row["delivery_name"], 120), row["made_at"], []),
    )
    group.arrivals.append(Arrival(card, entry, name_of(row), shown(row["tag"])))


def _return(found: dict[str, Back], card: Waiting, entry: str, looked: Looked) -> None:
    one, [old] = looked.expected[entry], looked.olds[entry]
    group = found.setdefault(
        one.request, Back(one.request, shown(one.reason, 200), one.made_at, one.ends_at, [])
    )
    group.returning.append(
        Returning(
            card=card,
            entry=entry,
            name=name_of(one.entry),
            tag=shown(one.entry["tag"]),
            old=_former(old),
            early=card.asked_at < one.made_at,
        )
    )


def _former(old: Device) -> Former:
    return Former(
        id=old.id,
        name=shown(old.name, 60) or "(no name)",
        model=shown(old.model),
        os_name=shown(old.os_name),
        words=tuple(old.words.split()),
        marks=waiting.marks_of(old.factors),
        profile=old.profile,
        join_code=shown(old.join_code.label) if old.join_code else "",
        joined_at=old.enrolled_at,
        last_seen_at=old.last_seen_at,
    )


def _doubts(device: Device, looked: Looked) -> tuple[str, ...]:
    """Why somebody has to look at it by itself."""
    seen = looked.seen[device.id]
    contested = bool(looked.contested.intersection(seen.near))
    entry = next((one for one in seen.near if one in looked.expected), "")
    if not entry:
        return (TWICE,) if contested else ()
    olds = [Old(old.id, old.last_seen_at, old.fork_since is not None) for old in looked.olds[entry]]
    return returning.doubts(
        seen,
        entry,
        olds=olds,
        since=looked.expected[entry].made_at,
        contested=contested,
        copied=device.was_signed,
    )
