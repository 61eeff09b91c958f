"""Switches, access points, controllers, printers and UPSs: which of them is which, and what each
says now. Called inside the transaction of whoever records, with the school's turn taken.

A group of questions that failed leaves what was known of it, with the reason beside. What an older
survey says never replaces what a newer one said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from checks.surveys.equipment import (
    MOST_DEVICES,
    MOST_POINTS,
    Equipment,
    EquipmentSurvey,
    Point,
)
from checks.unseen import Unseen
from inventory.ids import new_id
from inventory.marks import normalise
from inventory.models import Link, MacSighting, NetworkDevice, NetworkMac
from inventory.network import air, bounds, ports
from inventory.network.addresses import of_one, vendor_of
from inventory.network.glimpses import Glimpse
from inventory.network.matching import Marks, match
from inventory.network.telling import answers, says
from inventory.updating import update
from wire.text import clean

_CHASSIS: Final = ("chassis", "stack")
_MOST_SERIALS: Final = 16


class Thing(msgspec.Struct, frozen=True):
    """One thing that was asked, or that the controller asked at `by` (its place) told of."""

    marks: Marks
    told: Equipment | None = None
    point: Point | None = None
    by: int = -1


class Recorded(msgspec.Struct, frozen=True):
    """What came of a survey: what was learnt, the devices by id, and what could not be placed."""

    glimpses: list[Glimpse]
    devices: list[str]
    unclear: int
    left_out: int


def take(site_id: str, survey: EquipmentSurvey, arp: Mapping[str, str], at: int) -> Recorded:
    """Record it. `arp`: address → the one MAC that answered there in the same round, for what
    tells no address of its own."""
    things = list(_things(survey, arp))
    rows = {row.id: row for row in NetworkDevice.objects.filter(site_id=site_id)}
    found = match([one.marks for one in things], _known(rows))
    room = bounds.MOST_DEVICES - len(rows)
    glimpses: list[Glimpse] = []
    by_place: dict[int, NetworkDevice] = {}
    left_out = max(0, len(survey.devices) - MOST_DEVICES)
    for one in found.matches:
        if not one.known and room <= 0:
            left_out += 1
            continue
        room -= 0 if one.known else 1
        row = _row(site_id, [rows[known] for known in one.known], at)
        by_place |= dict.fromkeys(one.things, row)
        glimpses += _record(row, [things[n] for n in one.things], at)
    _looked_after(things, by_place)
    ids = sorted({row.id for row in by_place.values()})
    return Recorded(glimpses, ids, len(found.unclear), left_out)


def join_links(site_id: str) -> None:
    """Give each cable its far end, by the address it says it has."""
    links = Link.objects.filter(site_id=site_id).exclude(chassis="")
    owners = dict(
        NetworkMac.objects.filter(site_id=site_id, device__isnull=False).values_list(
            "address", "device_id"
        )
    )
    changed = []
    for link in links.only("chassis", "far_id"):
        far = owners.get(link.chassis)
        if far is not None and link.far_id != far:
            link.far_id = far
            changed.append(link)
    update(changed, ["far"])


def _things(survey: EquipmentSurvey, arp: Mapping[str, str]) -> Iterator[Thing]:
    asked = survey.devices[:MOST_DEVICES]
    for told in asked:
        yield Thing(_marks(told, arp.get(told.address, "")), told)
    for place, told in enumerate(asked):
        for point in _points(told):
            serial = normalise("serial", point.serial)
            macs = frozenset({of_one(point.mac)} - {""})
            yield Thing(Marks(frozenset({serial} - {""}), "", macs), point=point, by=place)


def _points(told: Equipment) -> Sequence[Point]:
    wireless = told.wireless
    if wireless is None or isinstance(wireless.points, Unseen):
        return ()
    return wireless.points[:MOST_POINTS]


def serials_of(told: Equipment) -> list[str]:
    """As they are written: of its chassis or of each member, of a printer, of a UPS."""
    found = []
    if not isinstance(told.parts, Unseen):
        found = [part.serial for part in told.parts if part.kind in _CHASSIS]
    for group in (told.printing, told.power):
        if group is not None:
            found.append(group.serial)
    kept = [clean(one, 128) for one in dict.fromkeys(found) if normalise("serial", one)]
    return kept[:_MOST_SERIALS]


def _marks(told: Equipment, arp: str) -> Marks:
    own = {of_one(told.identity.base_mac), of_one(told.identity.chassis)}
    if not isinstance(told.ports, Unseen):
        own |= {of_one(port.own_mac) for port in told.ports[: bounds.MOST_OWN] if port.own_mac}
    return Marks(
        frozenset(normalise("serial", one) for one in serials_of(told)),
        clean(told.identity.engine_id.casefold(), 80),
        frozenset((own - {""}) or ({of_one(arp)} - {""})),
    )


def _known(rows: Mapping[str, NetworkDevice]) -> dict[str, Marks]:
    own: dict[str, set[str]] = {one: set() for one in rows}
    macs = NetworkMac.objects.filter(device__in=list(rows)).exclude(address="")
    for device_id, address in macs.values_list("device_id", "address"):
        own[str(device_id)].add(of_one(address))
    return {
        row.id: Marks(frozenset(row.keys), row.engine_id, frozenset(own[row.id] - {""}))
        for row in rows.values()
    }


def _row(site_id: str, known: Sequence[NetworkDevice], at: int) -> NetworkDevice:
    """The row it has; rows that turned out to be the same are made one."""
    if not known:
        row = NetworkDevice(id=new_id("net", at), site_id=site_id, first_at=at, last_at=0)
        row.save(force_insert=True)
        return row
    row, *others = known
    for other in others:
        NetworkMac.objects.filter(device=other).update(device=row)
        MacSighting.objects.filter(device=other).delete()
        NetworkDevice.objects.filter(looked_after_by=other).update(looked_after_by=row)
        if other.asset_by == "person" and row.asset_by != "person":
            row.asset_id, row.asset_by = other.asset_id, "person"
        row.first_at = min(row.first_at, other.first_at)
        other.delete()
    if others:
        row.save()
    return row


def _record(row: NetworkDevice, things: Iterable[Thing], at: int) -> Iterator[Glimpse]:
    before = _said(row)
    glimpses: list[Glimpse] = []
    for one in sorted(things, key=_order):
        if at >= row.last_at:
            row.last_at = at
            _take_values(row, one, at)
        if one.told is not None:
            _groups(row, one.told, at)
        glimpses += [Glimpse(mac, "own", at, own=row.id) for mac in sorted(one.marks.macs)]
        if not row.make and one.marks.macs:
            row.make = vendor_of(min(one.marks.macs))
        # Only what is as new as the newest answer may change ports, networks and what hangs there.
        if one.told is not None and at >= row.last_at:
            row.save()
            glimpses += ports.take(row, one.told, at)
            glimpses += _bindings(one.told, at)
            air.set_up(row, one.told, at)
    if _said(row) != before:
        row.save()
    return iter(glimpses)


def _order(one: Thing) -> tuple[bool, str, str]:
    """What was asked itself says more than its controller, and so is heard last."""
    said = one.told.address if one.told else one.point.mac if one.point else ""
    return (one.told is not None, said, "")


def _take_values(row: NetworkDevice, one: Thing, at: int) -> None:
    found = says(one.told, one.point)
    row.facts = {**row.facts, **found.pop("facts", {})}
    for name, value in found.items():
        if value and value != "unknown":
            setattr(row, name, value)
    if one.told is None:
        serials = [one.point.serial] if one.point and one.marks.serials else []
    else:
        serials = serials_of(one.told)
        _host_key(row, clean(one.told.host_key, 80), at)
    if serials:
        row.serials = serials
        row.keys = sorted(one.marks.serials)
    if one.marks.engine:
        row.engine_id = one.marks.engine


def _host_key(row: NetworkDevice, shown: str, at: int) -> None:
    if shown and row.host_key and shown != row.host_key:
        row.host_key_before, row.host_key_at = row.host_key, at
    row.host_key = shown or row.host_key


def _groups(row: NetworkDevice, told: Equipment, at: int) -> None:
    for group, answer in answers(told).items():
        if at < row.seen_at.get(group, 0):
            continue
        if isinstance(answer, Unseen):
            row.unseen[group] = answer.unseen
        else:
            row.seen_at[group] = at
            row.unseen.pop(group, None)


def _bindings(told: Equipment, at: int) -> list[Glimpse]:
    if isinstance(told.bindings, Unseen):
        return []
    lines = told.bindings[: bounds.MOST_OF_ONE]
    return [Glimpse(one.mac, "binding", at, ip=one.address) for one in lines]


def _looked_after(things: Sequence[Thing], rows: Mapping[int, NetworkDevice]) -> None:
    for place, one in enumerate(things):
        row, by = rows.get(place), rows.get(one.by)
        if row is None or by is None or by.id in (row.id, row.looked_after_by_id):
            continue
        row.looked_after_by_id = by.id
        row.save(update_fields=["looked_after_by"])


def _said(row: NetworkDevice) -> tuple[object, ...]:
    """Everything of it, to see whether it changed; dictionaries as they are spelt now."""
    fields = NetworkDevice._meta.concrete_fields
    return tuple(repr(getattr(row, field.attname)) for field in fields)
