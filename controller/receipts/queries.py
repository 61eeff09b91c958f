"""The only way from a page to receipts, certificates and differences: `queries(actor)` (O11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from controller import clock
from controller.people.actor import Actor
from controller.people.queries import names as people
from controller.people.roles import Ability
from controller.receipts import showing
from controller.receipts.forms import LEVEL_WORDS, TECHNIQUE_WORDS, drives_of
from controller.receipts.showing import (
    CertificateRow,
    DifferenceRow,
    GoOn,
    ReceiptRow,
    TableRow,
)
from controller.wording.days import day
from controller.wording.shown import shown
from inventory.assets.writing import By
from inventory.collections import returns
from inventory.collections.gathering import Thing
from inventory.collections.returns import Returns, View
from inventory.collections.typed import LONGEST_CONDITION
from inventory.contractors import queries as contractors
from inventory.disposal.proof import storing
from inventory.disposal.proof.storing import Evidence

_WHO = ("owned_by", "proposed_by", "closed_by", "received_by", "entered_by", "decided_by")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A collection that took place and is not closed."""

    id: str
    day: str
    firm: str
    receipt: bool
    entered: int
    open: int
    due_at: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of a collection's papers begins with."""

    id: str
    site: str
    firm: str
    firm_id: str
    day: str
    closed: bool
    things: int
    received: int
    ended: int
    due_at: int | None
    late: bool
    number: int
    """Of the last receipt, 0 for none."""


@dataclass(frozen=True, slots=True)
class Page:
    """All that came back of one collection."""

    head: Head
    rows: list[TableRow]
    differences: list[DifferenceRow]
    settled: list[DifferenceRow]
    receipts: list[ReceiptRow]
    certificates: list[CertificateRow]
    waiting: tuple[str, ...]
    agrees: bool
    go_on: GoOn | None


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A thing that went, to be ticked where it stands on the receipt."""

    id: str
    tag: str
    name: str
    drives: list[tuple[str, str]]
    """As it is sent, as it is shown."""
    condition: str
    """As it was typed before."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a certificate."""

    serial: str
    tag: str
    what: str
    how: str
    tool: str
    day: str
    done: bool


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """One certificate with its lines."""

    row: CertificateRow
    collection: str
    site: str
    lines: list[LineRow]


@dataclass(frozen=True, slots=True)
class ReceiptQueries:
    """What one person may read at one moment."""

    actor: Actor
    now: int

    def waiting(self, site: str) -> list[Waiting]:
        """Collections that took place and are not closed."""
        return [
            Waiting(
                id=row["id"],
                day=day(row["day"]),
                firm=shown(row["contractor__name"]),
                receipt=row["n_receipts"] > 0,
                entered=row["n_entered"],
                open=row["n_open"],
                due_at=row["due_at"],
                late=row["due_at"] is not None and row["due_at"] < self.now,
            )
            for row in returns.listed(self._sites() & {site})
        ]

    def returns(self, collection_id: str) -> Returns | None:
        """One collection as it is kept; None where it is not theirs."""
        return returns.one(self._sites(), collection_id)

    def page(self, found: Returns) -> Page:
        """All of it in words."""
        who = people(_people([*found.differences, *found.receipts, *found.certificates]))
        firms = self._firms(found.values["site_id"])
        rows = [
            showing.difference_row(row, who, firms, self.actor.id, self.now)
            for row in found.differences
        ]
        how = found.how
        return Page(
            head=self.head(found),
            rows=[showing.table_row(row, firms) for row in how.reconciled.rows],
            differences=[row for row in rows if row.step != "closed"],
            settled=[row for row in rows if row.step == "closed"],
            receipts=[showing.receipt_row(row, who) for row in found.receipts],
            certificates=[
                showing.certificate_row(row, who, self.actor.id) for row in found.certificates
            ],
            waiting=tuple(showing.HEADS[paper] for paper in how.reconciled.waiting),
            agrees=how.agrees,
            go_on=showing.go_on(found.waits, who, self.actor.id),
        )

    def head(self, found: Returns) -> Head:
        """What it is about."""
        states = [thing.now.state for thing in found.things]
        values = found.values
        return Head(
            id=values["id"],
            site=values["site_id"],
            firm=shown(values["contractor__name"]),
            firm_id=values["contractor_id"],
            day=day(values["day"]),
            closed=values["state"] == "closed",
            things=len(states),
            received=sum(state != "collected" for state in states),
            ended=sum(thing.now.ended for thing in found.things),
            due_at=found.due_at,
            late=found.due_at is not None and found.due_at < self.now,
            number=found.receipts[0]["number"] if found.receipts else 0,
        )

    def firms(self, found: Returns) -> dict[str, str]:
        """Companies of the school, the one that collected first."""
        own = found.values["contractor_id"]
        others = self._firms(found.values["site_id"])
        return {own: others.get(own, "")} | others

    def difference(self, difference_id: str) -> tuple[str, DifferenceRow] | None:
        """One of them with its school; None where it is not theirs."""
        row = returns.difference(self._sites(), difference_id)
        if row is None:
            return None
        who, firms = people(_people([row])), self._firms(row["site_id"])
        return row["site_id"], showing.difference_row(row, who, firms, self.actor.id, self.now)

    def differences(self, site: str, view: View) -> list[DifferenceRow]:
        """A school's."""
        rows = returns.differences(self._sites() & {site}, view, self.now)
        who, firms = people(_people(rows)), self._firms(site)
        return [showing.difference_row(row, who, firms, self.actor.id, self.now) for row in rows]

    def counts(self, site: str) -> dict[View, int]:
        """How many each view has."""
        return returns.counts(self._sites() & {site}, self.now)

    def certificate(self, certificate_id: str) -> CertificatePage | None:
        """One certificate; None where it is not theirs."""
        row = returns.certificate(self._sites(), certificate_id)
        if row is None:
            return None
        return CertificatePage(
            row=showing.certificate_row(row, people(_people([row])), self.actor.id),
            collection=row["collection_id"],
            site=row["site_id"],
            lines=[_line(line) for line in row["lines"]],
        )

    def file(self, collection_id: str, sha256: str) -> Evidence | None:
        """A file that a receipt or certificate of theirs names."""
        site = returns.names_file(self._sites(), collection_id, sha256)
        return storing.by_digest([site], sha256) if site else None

    def kept(self, site: str, sha256: str) -> Evidence | None:
        """A file that was sent before the form could be taken."""
        return storing.by_digest(self._sites() & {site}, sha256) if sha256 else None

    def by(self, reason: str = "") -> By:
        """Who does something now, and why."""
        return By(self.actor.id, self.now, reason=reason)

    def _firms(self, site: str) -> dict[str, str]:
        found = (*contractors.listed([site], left=False), *contractors.listed([site], left=True))
        return {one.values["id"]: shown(one.values["name"]) for one in found}

    def _sites(self) -> frozenset[str]:
        return self.actor.sites(Ability.SEE_COMPUTERS)


def things(found: Returns, typed: Mapping[str, Any]) -> list[ThingRow]:
    """What may stand on the receipt, by tag, with the conditions that were typed before."""
    rows = [_thing(one, typed) for one in found.things]
    return sorted(rows, key=lambda row: (row.tag, row.name))


def _thing(one: Thing, typed: Mapping[str, Any]) -> ThingRow:
    drives = [(serial, shown(serial)) for serial in drives_of(one)]
    condition = shown(typed.get(f"condition-{one.disposal}", ""), LONGEST_CONDITION)
    return ThingRow(one.disposal, shown(one.label), shown(one.name), drives, condition)


def _line(row: Mapping[str, Any]) -> LineRow:
    how = TECHNIQUE_WORDS.get(row["technique"], "")
    return LineRow(
        serial=shown(row["serial"]),
        tag=shown(row["tag"]),
        what=LEVEL_WORDS[row["level"]] if row["done"] else "Not done",
        how=shown(row["method"], 120) or how,
        tool=shown(row["tool"], 120),
        day=day(row["day"]),
        done=row["done"],
    )


def _people(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {row[name] for row in rows for name in _WHO if row.get(name)}


def queries(actor: Actor) -> ReceiptQueries:
    """Papers of collections as this person may see them, now."""
    return ReceiptQueries(actor, clock.now())
