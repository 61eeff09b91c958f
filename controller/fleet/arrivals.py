"""The queue in its parts: first what was expected, then the others, first come first shown.

Which entry a computer would become is what the register would say of it if it were let in now
(`inventory.identity.foreseeing`), never its name. Nothing is let in by being expected.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import QuerySet

from controller.fleet import waiting
from controller.fleet.models import Device
from controller.fleet.waiting import Waiting
from controller.wording.entries import name_of
from controller.wording.shown import shown
from inventory.deliveries import queries as deliveries
from inventory.identity.candidates import Asked
from inventory.identity.foreseeing import Foreseen, foresee

MOST_LOOKED: Final = 2_000
"""Computers that wait whose marks are compared, first come first."""
TWICE: Final = (
    "Another computer that waits shows the same marks. At most one of them can be it: compare the"
    " serial number with the label under it."
)


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


def look(pending: QuerySet[Device]) -> Looked:
    """Compare those that wait with the register: as many queries for thirty as for one."""
    ordered = pending.select_related("join_code").order_by("enrolled_at", "id")
    devices = list(ordered[:MOST_LOOKED])
    sites = {device.site_id for device in devices}
    asked = {device.id: Asked(device.site_id, device.factors) for device in devices}
    live = Device.objects.filter(site__in=sites, state="active", left_at=None)
    bound = set(live.filter(asset__isnull=False).values_list("asset_id", flat=True))
    seen = foresee(asked, bound) if devices else {}
    might = Counter(asset_id for one in seen.values() for asset_id in one.near)
    fitting = {one.asset_id for one in seen.values()} - {""}
    return Looked(
        devices=devices,
        seen=seen,
        contested=frozenset(asset_id for asset_id, n in might.items() if n > 1),
        awaited=_awaited(sites, fitting) if fitting else {},
    )


def delivered(looked: Looked) -> dict[str, str]:
    """Computer → entry, of those that are let in with their delivery."""
    return {
        device.id: entry
        for device in looked.devices
        if (entry := looked.seen[device.id].asset_id) in looked.awaited
        if entry not in looked.contested and "serial" in looked.seen[device.id].mine
    }


def queue(pending: QuerySet[Device]) -> Queue:
    """All that wait, in parts."""
    looked = look(pending)
    first = delivered(looked)
    ordered = sorted(looked.devices, key=lambda device: device.id not in first)
    cards = {card.id: card for card in waiting.cards(ordered[: waiting.MOST])}
    found: dict[str, FromDelivery] = {}
    for device_id, card in cards.items():
        if device_id in first:
            _add(found, card, first[device_id], looked.awaited[first[device_id]])
    others = [card for device_id, card in cards.items() if device_id not in first]
    return Queue(
        deliveries=list(found.values()),
        rows=[_doubted(card, looked) for card in others],
        total=len(looked.devices),
    )


def _awaited(sites: set[str], entries: set[str]) -> dict[str, dict[str, Any]]:
    """Entries of a delivery as which no computer was ever let in."""
    found = deliveries.awaited(sites, entries)
    known = Device.objects.filter(site__in=sites, asset_id__in=list(found))
    had = set(known.values_list("asset_id", flat=True)) if found else set()
    return {entry: row for entry, row in found.items() if entry not in had}


def _add(found: dict[str, FromDelivery], card: Waiting, entry: str, row: Mapping[str, Any]) -> None:
    group = found.setdefault(
        row["delivery"],
        FromDelivery(row["delivery"], shown(row["delivery_name"], 120), row["made_at"], []),
    )
    group.arrivals.append(Arrival(card, entry, name_of(row), shown(row["tag"])))


def _doubted(card: Waiting, looked: Looked) -> Waiting:
    near: Sequence[str] = looked.seen[card.id].near
    doubts = (TWICE,) if looked.contested.intersection(near) else ()
    return replace(card, doubts=doubts)
