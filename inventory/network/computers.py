"""What the school's own computers tell of the network: their neighbours, what their radios hear,
and the cards that are in them or on their docks.

Any of them may say anything, so each may bring only so much that nobody else has seen; and none
makes a round. The cards are what takes the school's own laptops off the list of unknown things.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db import transaction

from checks.surveys.air import AirFacts
from checks.surveys.lan import Heard, Neighbours
from checks.unseen import Unseen
from inventory.ghosts import services as ghosts
from inventory.models import SectionTold
from inventory.network import air
from inventory.network.addresses import of_one
from inventory.network.glimpses import Glimpse, known
from inventory.network.glimpses import take as take_glimpses
from inventory.network.rounds import take_turn
from inventory.updating import update

MOST_NEIGHBOURS: Final = 512
MOST_CARDS: Final = 16
SEEN_BY: Final = "a computer’s list of its neighbours"


class Said(msgspec.Struct, frozen=True):
    """What report `seq` of one computer says, looked at `at`. None: nothing of that."""

    computer: str
    seq: int
    at: int
    neighbours: Neighbours | Unseen | None = None
    air: AirFacts | Unseen | None = None
    cards: list[str] = []


def take(site_id: str, said: Sequence[Said]) -> None:
    """Record what some computers of one school say."""
    with transaction.atomic():
        take_turn(site_id)
        _cards(site_id, said)
        for one in said:
            if _is_new(site_id, one):
                _neighbours(site_id, one)
                _air(site_id, one)


def mark(site_id: str, computer: str, digests: Mapping[str, str], *, seq: int, at: int) -> None:
    """These sections (name → digest) are taken in."""
    for section, digest in digests.items():
        _tell(site_id, computer, section, {"digest": digest, "seq": seq, "at": at})


def taken_in(site_id: str) -> dict[tuple[str, str], tuple[str, int]]:
    """(Computer, section) → digest and report of what is taken in."""
    rows = SectionTold.objects.filter(site_id=site_id)
    return {
        (device, section): (digest, seq)
        for device, section, digest, seq in rows.values_list("device", "section", "digest", "seq")
    }


def _is_new(site_id: str, one: Said) -> bool:
    names = [AirFacts.section, Neighbours.section]
    rows = SectionTold.objects.filter(site_id=site_id, device=one.computer, section__in=names)
    return not rows.filter(seq__gte=one.seq).exists()


def _cards(site_id: str, said: Sequence[Said]) -> None:
    """Rows for them, whether or not anybody saw them yet; only what is new is written."""
    owner = {mac: one for one in said for card in one.cards[:MOST_CARDS] if (mac := of_one(card))}
    if not owner:
        return
    rows = known(site_id, owner)
    changed = []
    for mac, row in rows.items():
        if row.told_by != owner[mac].computer:
            row.told_by = owner[mac].computer
            changed.append(row)
    update(changed, ["told_by"])
    for one in said:
        new = [mac for mac, by in owner.items() if by is one and mac not in rows]
        seen = [Glimpse(mac, "own", one.at, told_by=one.computer) for mac in new]
        if seen:
            take_glimpses(site_id, seen, by=one.computer, round_at=None)


def _neighbours(site_id: str, one: Said) -> None:
    told = one.neighbours
    if told is None:
        return
    unseen, private = "", None
    if isinstance(told, Unseen):
        unseen = told.unseen
    else:
        private = _number(told.private)
        if isinstance(told.hosts, Unseen):
            unseen = told.hosts.unseen
        else:
            _near(site_id, one, told.hosts)
    numbers: dict[str, Any] = {"private": private, "unseen": unseen}
    _tell(site_id, one.computer, Neighbours.section, _when(one) | numbers)


def _near(site_id: str, one: Said, hosts: Sequence[Heard]) -> None:
    seen = [
        Glimpse(host.mac, "cache", one.at, ip=next(iter(host.addresses), ""), heard=host)
        for host in hosts[:MOST_NEIGHBOURS]
    ]
    kept = take_glimpses(site_id, seen, by=one.computer, round_at=None)
    ghosts.sighted(site_id, {"mac": list(kept.rows)}, one.at, SEEN_BY)


def _air(site_id: str, one: Said) -> None:
    told = one.air
    if told is None:
        return
    numbers: dict[str, Any] = {"unseen": "", "others": None, "hotspots": None}
    if isinstance(told, Unseen):
        numbers["unseen"] = told.unseen
    else:
        numbers |= {"others": _number(told.others), "hotspots": _number(told.hotspots)}
        if isinstance(told.heard, Unseen):
            numbers["unseen"] = told.heard.unseen
        else:
            air.heard(site_id, one.computer, told.heard, one.at)
    _tell(site_id, one.computer, AirFacts.section, _when(one) | numbers)


def _when(one: Said) -> dict[str, Any]:
    return {"digest": "", "seq": one.seq, "at": one.at}


def _tell(site_id: str, computer: str, section: str, says: Mapping[str, Any]) -> None:
    SectionTold.objects.update_or_create(
        device=computer, section=section, defaults={"site_id": site_id, **says}
    )


def _number(value: int | Unseen | None) -> int | None:
    return None if value is None or isinstance(value, Unseen) else max(0, min(value, 100_000))
