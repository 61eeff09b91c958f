"""The four papers of a collection as rows have them, put together to be compared (I10)."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inventory.collections.papers import Drive, Entry, Line, Papers, Sheet
from inventory.disposal import proving, serials
from inventory.disposal.now import Medium, Now
from inventory.disposal.rules import Rules
from inventory.models import (
    Certificate,
    CertificateLine,
    Collection,
    DisposalMedium,
    Receipt,
)

COMPARED: Final = ("collected", "received", "disposed")
"""States of a disposal in which the company has the thing, or had it to its end."""


class Thing(msgspec.Struct, frozen=True):
    """One disposal that went with a collection."""

    disposal: str
    asset: str
    name: str
    listed: tuple[str, ...]
    """Serials of its drives on the collection list, as written there."""
    now: Now

    @property
    def label(self) -> str:
        """What papers call it: its tag; "" for a loose drive, whose serial says enough."""
        return "" if serials.key(self.now.tag) in self.now.media else self.now.tag


class Gathered(msgspec.Struct, frozen=True):
    """What is compared, and the disposals behind it."""

    papers: Papers
    things: tuple[Thing, ...]
    receipt: Receipt | None
    certificates: tuple[Certificate, ...]

    def of_serial(self, key: str) -> Thing | None:
        """The thing whose set has a drive."""
        return next((one for one in self.things if key in one.now.media), None)

    def of_tag(self, tag: str) -> Thing | None:
        """The thing that papers call so."""
        found = (one for one in self.things if one.label.casefold() == tag.casefold() != "")
        return next(found, None)


def gather(
    collection: Collection, things: tuple[Thing, ...], rules: Mapping[str, Rules]
) -> Gathered:
    """Put the papers of a collection together. `things` of those that went, of which what was lost
    since is told by its own disposal (I14); `rules` by version."""
    receipt = Receipt.objects.filter(collection=collection).order_by("-number").first()
    certificates = tuple(
        Certificate.objects.filter(collection=collection, state="confirmed").order_by("id")
    )
    lines = _certified(certificates)
    things = tuple(one for one in things if one.now.state in COMPARED)
    papers = Papers(
        entries=tuple(_entry(one, rules) for one in things),
        contractor=collection.contractor_id,
        manifest=Sheet(tuple(line for one in things for line in _listed(one))),
        receipt=Sheet(_received(receipt), receipt.contractor_id) if receipt else None,
        certificates=tuple(
            Sheet(tuple(lines.get(one.id, ())), one.contractor_id) for one in certificates
        ),
        known=_known(collection, lines, receipt),
        elsewhere=_elsewhere(collection, lines),
    )
    return Gathered(papers, things, receipt, certificates)


def _entry(thing: Thing, rules: Mapping[str, Rules]) -> Entry:
    held = rules[thing.now.rules]
    drives = tuple(
        _drive(thing.now, medium, held)
        for _, medium in sorted(thing.now.media.items())
        if not (medium.missing or medium.gone)
    )
    return Entry(thing.asset, thing.label, drives)


def _drive(now: Now, medium: Medium, rules: Rules) -> Drive:
    """`proven` only where the school's rules ask no certificate for what it proved itself."""
    waived = rules.wiping.certificate == "when_not_done_here"
    here = proving.done_here(medium, now.route, rules)
    raw = medium.serial_raw
    return Drive(
        serial=raw if serials.same(raw, medium.serial) else medium.serial,
        failed=medium.failed,
        least="" if here else _least(now, medium, rules),
        proven=waived and here,
        stays="destroyed" if medium.destroyed else "retained" if medium.kept_as else "",
    )


def _least(now: Now, medium: Medium, rules: Rules) -> str:
    """What failed is destroyed (I6, T7); anything else needs what its class does."""
    return "destroy" if medium.failed else proving.needed(medium, None, now.route, rules)


def _listed(thing: Thing) -> list[Line]:
    return [Line(one, thing.label) for one in thing.listed] or [Line("", thing.label)]


def _received(receipt: Receipt) -> tuple[Line, ...]:
    found = []
    for line in receipt.lines:
        numbers = line.get("serials") or [""]
        found += [Line(serial, line.get("tag", "")) for serial in numbers]
    return tuple(found)


def _certified(certificates: tuple[Certificate, ...]) -> dict[str, list[Line]]:
    rows = CertificateLine.objects.filter(certificate__in=certificates).order_by("position")
    found: dict[str, list[Line]] = {}
    for row in rows:
        line = Line(row.serial, row.tag, row.level, row.done)
        found.setdefault(row.certificate_id, []).append(line)
    return found


def _known(
    collection: Collection, lines: Mapping[str, list[Line]], receipt: Receipt | None
) -> frozenset[str]:
    """Which of the papers' serials are drives of any disposal of the school."""
    named = {serials.key(line.serial) for those in lines.values() for line in those}
    if receipt is not None:
        named |= {serials.key(line.serial) for line in _received(receipt)}
    rows = DisposalMedium.objects.filter(site_id=collection.site_id, key__in=named - {""})
    return frozenset(rows.values_list("key", flat=True))


def _elsewhere(collection: Collection, lines: Mapping[str, list[Line]]) -> frozenset[str]:
    named = {serials.key(line.serial) for those in lines.values() for line in those} - {""}
    rows = CertificateLine.objects.filter(site_id=collection.site_id, key__in=named, done=True)
    others = rows.filter(certificate__state="confirmed").exclude(certificate__collection=collection)
    return frozenset(others.values_list("key", flat=True))
