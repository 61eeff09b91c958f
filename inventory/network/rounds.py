"""A scanner's round into the school's tables: once, whole or not at all, in its turn.

The same round told twice changes nothing; two scanners at once take turns; what a round did not
see stays as it was. Whoever calls has made sure that a scope of the school names the scanner.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from django.db import transaction
from msgspec.structs import replace

from checks.surveys.equipment import EquipmentSurvey
from checks.surveys.lan import Door, Heard, LanSurvey, Offer, Segment, SurveyRun
from checks.unseen import Unseen
from inventory.ghosts import services as ghosts
from inventory.ids import new_id
from inventory.models import DhcpServer, NetworkDevice, OpenDoor, Site, Survey
from inventory.network import binding, bounds, equipment
from inventory.network.addresses import of_one, on_wire
from inventory.network.glimpses import Glimpse, Kept
from inventory.network.glimpses import take as take_glimpses
from inventory.network.telling import answers
from wire.text import clean

SEEN_BY: Final = "the network round"
_MOST_PIECES: Final = 64
_MOST_ADDRESSES: Final = 4
"""One MAC that answers for more is a router that answers for others."""


class Told(msgspec.Struct, frozen=True):
    """What one report of one scanner tells; None: it tells no such thing."""

    scanner: str
    lan: LanSurvey | None = None
    equipment: EquipmentSurvey | None = None
    run: SurveyRun | None = None


class Done(msgspec.Struct, frozen=True):
    """The row of the round, "" where it was told before; how many there was no room for."""

    survey: str
    left_out: int = 0


def take(site_id: str, told: Told, at: int) -> Done:
    """Record a round that came at `at`."""
    with transaction.atomic():
        take_turn(site_id)
        began, ended = _times(told, at)
        held = _held(site_id, told, began)
        if held is not None and (told.lan or told.run or not _is_more(held, told)):
            return Done("")
        if told.run is not None and told.run.refused:
            return Done(_survey(site_id, told, (began, ended), at, {}).id)
        arp = _answered(told.lan)
        recorded = equipment.Recorded([], [], 0, 0)
        if told.equipment is not None:
            asked = min(told.equipment.asked_at, at)
            recorded = equipment.take(site_id, told.equipment, arp, asked)
        seen = [*_heard(told.lan, ended), *recorded.glimpses]
        seen = [replace(one, by=told.scanner) for one in seen]
        kept = take_glimpses(site_id, seen, round_at=began)
        if told.lan is not None:
            _offers(site_id, told.lan, ended)
            _doors(site_id, told.lan, kept, ended)
        equipment.join_links(site_id)
        binding.follow(site_id, recorded.devices)
        left_out = recorded.left_out + kept.left_out
        counts = {"left_out": left_out, "unclear": recorded.unclear}
        row = held or _survey(site_id, told, (began, ended), at, counts)
        if held is not None:
            _more(held, told, left_out + recorded.unclear)
        _gone(site_id, kept, recorded.devices, ended)
    return Done(row.id, left_out)


def take_turn(site_id: str) -> None:
    """Wait until nobody else records for this school. The lock is of a kind that rows which name
    the school pass by."""
    Site.objects.select_for_update(no_key=True).get(id=site_id)


def _times(told: Told, at: int) -> tuple[int, int]:
    """When it began and ended; a clock that is ahead counts as ours."""
    if told.run is not None:
        began, ended = told.run.began_at, told.run.ended_at
    elif told.lan is not None:
        began, ended = told.lan.began_at, told.lan.ended_at
    else:
        began = ended = told.equipment.asked_at if told.equipment else at
    ended = max(0, min(ended, at))
    return max(0, min(began, ended)), ended


def _scope(told: Told) -> str:
    parts = (told.run, told.lan, told.equipment)
    return clean(next((one.scope for one in parts if one is not None), ""), 71)


def _held(site_id: str, told: Told, began: int) -> Survey | None:
    """The round that this is of; of equipment alone, the one in which it was asked."""
    rows = Survey.objects.filter(site_id=site_id, scanner=told.scanner, scope=_scope(told))
    if told.lan is None and told.run is None:
        return rows.filter(began_at__lte=began, ended_at__gte=began).order_by("-began_at").first()
    return rows.filter(began_at=began).first()


def _digest(told: Told) -> str:
    return hashlib.sha256(msgspec.json.encode(told.equipment)).hexdigest()[:32]


def _is_more(held: Survey, told: Told) -> bool:
    """Whether it is equipment that the round has not told yet: a large school's comes in pieces."""
    return told.equipment is not None and _digest(told) not in held.pieces


def _more(held: Survey, told: Told, lost: int) -> None:
    asked = told.equipment
    if asked is None:
        return
    held.pieces = [*held.pieces, _digest(told)][-_MOST_PIECES:]
    held.counts["devices"] = held.counts.get("devices", 0) + len(asked.devices)
    held.counts["left_out"] = held.counts.get("left_out", 0) + lost
    held.partial = held.partial or bool(lost) or _blind(asked)
    held.save(update_fields=["pieces", "counts", "partial"])


def _answered(lan: LanSurvey | None) -> dict[str, str]:
    """Address → the one MAC that answered there. One that two bear, or of a MAC that answers for
    many, proves nothing."""
    macs: dict[str, set[str]] = defaultdict(set)
    addresses: dict[str, set[str]] = defaultdict(set)
    for host in _hosts(lan):
        if mac := of_one(host.mac):
            for address in host.addresses:
                macs[address].add(mac)
                addresses[mac].add(address)
    return {
        address: mac
        for address, found in macs.items()
        for mac in found
        if len(found) == 1 and len(addresses[mac]) <= _MOST_ADDRESSES
    }


def _hosts(lan: LanSurvey | None) -> Iterator[Heard]:
    for segment in lan.segments[: bounds.MOST_SEGMENTS] if lan else ():
        if not isinstance(segment.hosts, Unseen):
            yield from segment.hosts


def _heard(lan: LanSurvey | None, at: int) -> Iterator[Glimpse]:
    for host in _hosts(lan):
        ip = host.addresses[0] if host.addresses else ""
        for way in host.by or ["arp"]:
            yield Glimpse(host.mac, way, at, ip=ip, heard=host)


def _offers(site_id: str, lan: LanSurvey, at: int) -> None:
    held = {
        (row.subnet, row.server, row.mac): row for row in DhcpServer.objects.filter(site_id=site_id)
    }
    for segment in lan.segments[: bounds.MOST_SEGMENTS]:
        for offer in () if isinstance(segment.offers, Unseen) else segment.offers:
            key = (clean(segment.subnet, 50), clean(offer.server, 45), on_wire(offer.mac))
            row = held.get(key)
            if row is None and len(held) >= bounds.MOST_SERVERS:
                continue
            if row is None:
                where = dict(zip(("subnet", "server", "mac"), key, strict=True))
                new = {"id": new_id("dhcp", at), "first_at": at, "last_at": -1}
                row = held[key] = DhcpServer(site_id=site_id, **where, **new)
            if row.last_at < at:
                _offered(row, offer, at)


def _offered(row: DhcpServer, offer: Offer, at: int) -> None:
    row.relayed, row.router = offer.relayed, clean(offer.router, 45)
    row.resolvers = [clean(one, 45) for one in offer.resolvers[:8]]
    row.last_at = at
    row.save()


def _doors(site_id: str, lan: LanSurvey, kept: Kept, at: int) -> None:
    if isinstance(lan.doors, Unseen):
        return
    rows = OpenDoor.objects.filter(site_id=site_id)
    held = {(row.address, row.port): row for row in rows}
    for door in lan.doors[: bounds.MOST_DOORS]:
        key = (clean(door.address, 45), door.port)
        row = held.get(key)
        if row is None and len(held) >= bounds.MOST_DOORS:
            continue
        if row is None:
            row = OpenDoor(site_id=site_id, address=key[0], port=key[1], since=at, last_at=-1)
            held[key] = row
        if row.last_at < at:
            _tried(row, door, kept, at)


def _tried(row: OpenDoor, door: Door, kept: Kept, at: int) -> None:
    mac = kept.rows.get(on_wire(door.mac))
    if row.last_at >= 0 and row.open != door.open:
        row.since = at
    row.open, row.name, row.last_at = door.open, clean(door.name, 48), at
    row.mac_id = mac.id if mac is not None and mac.address else None
    row.save()


def _survey(
    site_id: str, told: Told, times: tuple[int, int], at: int, counts: dict[str, int]
) -> Survey:
    run, lan, asked = told.run, told.lan, told.equipment
    problems = run.problems if run else []
    listed = [
        [clean(one.about, 64), one.question, clean(one.code, 32)]
        for one in problems[: bounds.MOST_PROBLEMS]
    ]
    segments = [_segment(one) for one in (lan.segments if lan else ())[: bounds.MOST_SEGMENTS]]
    told_of = {
        "hosts": sum(one["hosts"] or 0 for one in segments),
        "private": sum(one["private"] or 0 for one in segments),
        "devices": len(asked.devices) if asked else 0,
    }
    more = max(0, run.more_problems if run else 0) + len(problems) - len(listed)
    whole = run is not None and lan is not None and not more and not listed
    whole = whole and not any(counts.values()) and not any(one["unseen"] for one in segments)
    row = Survey(
        id=new_id("round", at),
        site_id=site_id,
        scanner=told.scanner,
        scope=_scope(told),
        refused=clean(run.refused, 32) if run else "",
        began_at=times[0],
        ended_at=times[1],
        received_at=at,
        frames=max(0, run.frames) if run else 0,
        questions=max(0, run.questions) if run else 0,
        partial=not whole or bool(asked and _blind(asked)),
        pieces=[_digest(told)] if asked else [],
        problems=listed,
        more_problems=more,
        segments=segments,
        counts=told_of | counts,
    )
    row.save(force_insert=True)
    return row


def _segment(segment: Segment) -> dict[str, Any]:
    hosts, private, offers = segment.hosts, segment.private, segment.offers
    return {
        "subnet": clean(segment.subnet, 50),
        "asked": segment.asked,
        "hosts": None if isinstance(hosts, Unseen) else len(hosts),
        "unseen": hosts.unseen if isinstance(hosts, Unseen) else "",
        "private": None if isinstance(private, Unseen) else max(0, private),
        "offers": None if isinstance(offers, Unseen) else len(offers),
        "offers_unseen": offers.unseen if isinstance(offers, Unseen) else "",
    }


def _blind(asked: EquipmentSurvey) -> bool:
    """Whether a group of questions failed; what a device has not, or the scope leaves out, is no
    failure."""
    usual = ("unsupported", "deferred")
    found = (one for told in asked.devices for one in answers(told).values())
    return any(isinstance(one, Unseen) and one.unseen not in usual for one in found)


def _gone(site_id: str, kept: Kept, devices: Sequence[str], at: int) -> None:
    """What was disposed of, lost or stolen, and was seen (I11)."""
    rows = NetworkDevice.objects.filter(site_id=site_id, id__in=devices)
    serials = [serial for keys in rows.values_list("serials", flat=True) for serial in keys]
    ghosts.sighted(site_id, {"serial": serials, "mac": list(kept.rows)}, at, SEEN_BY)
