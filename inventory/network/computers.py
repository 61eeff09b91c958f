"""What the school's own computers tell of the network: their neighbours, what their radios hear,
and the cards that are in them or on their docks.

Any of them may say anything, so each may bring only so much that nobody else has seen; and none
makes a round. The cards are what takes the school's own laptops off the list of unknown things.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from django.db import transaction

from checks.surveys.air import AirFacts
from checks.surveys.lan import Neighbours
from checks.unseen import Unseen
from inventory.ghosts import services as ghosts
from inventory.models import SectionTold
from inventory.network import air
from inventory.network.addresses import of_one, on_wire
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
    """Record what some computers of one school say: as many questions for a hundred as for one."""
    with transaction.atomic():
        take_turn(site_id)
        seen = list(_cards(site_id, said))
        new = _new(site_id, said)
        seen += [one for told in new for one in _near(told)]
        kept = take_glimpses(site_id, seen, round_at=None)
        if any(one.source == "cache" for one in seen):
            macs = {on_wire(one.mac) for one in seen if one.source == "cache"}
            newest = max(one.at for one in new)
            ghosts.sighted(site_id, {"mac": sorted(macs & kept.rows.keys())}, newest, SEEN_BY)
        for told in new:
            if isinstance(told.air, AirFacts) and not isinstance(told.air.heard, Unseen):
                air.heard(site_id, told.computer, told.air.heard, told.at)
        _tell([row for told in new for row in _rows(site_id, told)])


def _new(site_id: str, said: Sequence[Said]) -> list[Said]:
    """Those whose report is newer than what is taken in of them."""
    found = [one for one in said if one.neighbours is not None or one.air is not None]
    names = [AirFacts.section, Neighbours.section]
    rows = SectionTold.objects.filter(
        site_id=site_id, device__in=[one.computer for one in found], section__in=names
    )
    held: dict[str, int] = {}
    for computer, seq in rows.values_list("device", "seq"):
        held[computer] = max(seq, held.get(computer, -1))
    return [one for one in found if one.seq > held.get(one.computer, -1)]


def _cards(site_id: str, said: Sequence[Said]) -> Iterator[Glimpse]:
    """Those that are not known yet as this computer's, whether or not anybody saw them."""
    owner = {mac: one for one in said for card in one.cards[:MOST_CARDS] if (mac := of_one(card))}
    rows = known(site_id, owner) if owner else {}
    changed = []
    for mac, row in rows.items():
        if row.told_by != owner[mac].computer:
            row.told_by = owner[mac].computer
            changed.append(row)
    update(changed, ["told_by"])
    for mac, one in owner.items():
        if mac not in rows:
            yield Glimpse(mac, "own", one.at, told_by=one.computer, by=one.computer)


def _near(one: Said) -> Iterator[Glimpse]:
    told = one.neighbours
    if not isinstance(told, Neighbours) or isinstance(told.hosts, Unseen):
        return
    for host in told.hosts[:MOST_NEIGHBOURS]:
        ip = next(iter(host.addresses), "")
        yield Glimpse(host.mac, "cache", one.at, ip=ip, heard=host, by=one.computer)


def _rows(site_id: str, one: Said) -> Iterator[SectionTold]:
    """What is noted of the two sections: when, why they could not look, and numbers."""
    for facts, kind, listed in (
        (one.neighbours, Neighbours, "hosts"),
        (one.air, AirFacts, "heard"),
    ):
        if facts is None:
            continue
        answer = facts if isinstance(facts, Unseen) else getattr(facts, listed)
        yield SectionTold(
            site_id=site_id,
            device=one.computer,
            section=kind.section,
            seq=one.seq,
            at=one.at,
            unseen=answer.unseen if isinstance(answer, Unseen) else "",
            others=_number(getattr(facts, "others", None)),
            hotspots=_number(getattr(facts, "hotspots", None)),
            private=_number(getattr(facts, "private", None)),
        )


def _tell(rows: Sequence[SectionTold]) -> None:
    SectionTold.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["device", "section"],
        update_fields=["seq", "at", "unseen", "others", "hotspots", "private"],
        batch_size=200,
    )


def _number(value: int | Unseen | None) -> int | None:
    return None if value is None or isinstance(value, Unseen) else max(0, min(value, 100_000))
