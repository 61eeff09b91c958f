"""What follows when the papers of a collection, or what people settled of them, have changed:
differences open and close, and the disposals that may go on do (I8–I10)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from inventory.assets.writing import By
from inventory.collections import differences
from inventory.collections.differences import Compared
from inventory.collections.gathering import Gathered, Thing
from inventory.collections.holding import Held
from inventory.collections.waiting import certified_lines, receipt_agrees
from inventory.disposal import events, recording, serials
from inventory.disposal.events import Event
from inventory.disposal.now import Now
from inventory.disposal.recording import Move, Stamp
from inventory.disposal.reducing import apply
from inventory.disposal.refusing import Refused
from inventory.disposal.values import CertifiedLine
from inventory.disposal.wording import line as line_of
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Certificate, CertificateLine, CollectionDifference

Make = Callable[[Now, Stamp], Event]
CLOSED: Final = "closed"
VOUCHED: Final = "vouched"
"""Somebody has compared the papers with what they say, and moves on what waits for that."""


class Step(msgspec.Struct, frozen=True):
    """A step that a disposal may take. `must`: where it is refused, everything is."""

    make: Make
    must: bool = False


class Asked(msgspec.Struct, frozen=True):
    """Who brings it up to date, why, and the papers as they are."""

    held: Held
    gathered: Gathered
    by: By
    must: str

    def speaks_for(self, person: str) -> bool:
        """Whether a step may be signed now that `person` answers for (I1, I2)."""
        return self.must == VOUCHED or self.by.actor == person


def advance(
    held: Held, *, by: By, closing: CollectionDifference | None = None, must: str = ""
) -> Compared:
    """Bring everything up to what the papers say now. `closing`: what two people have just settled;
    `must`: the step (`received`, `certified`) that was asked for, which may not fail quietly, or
    VOUCHED. What the papers allow and this person may not vouch for waits (`waiting`). Raises
    RegisterError."""
    asked = Asked(held, held.gathered(), by, must)
    gathered = asked.gathered
    how = differences.compared(held.collection, gathered, closing)
    lines = differences.certificate_lines(gathered)
    refused: list[Refused] = []
    plans: dict[str, list[Move]] = {}
    after: dict[str, Now] = {}
    for thing in held.things:
        rows = [row for row in (*how.gone, closing) if row and row.disposal == thing.disposal]
        steps = [*(_close(row, must=row is closing) for row in rows)]
        if thing in gathered.things:
            steps += _received(asked, how, thing)
            steps += _certified(asked, how, thing, lines)
            steps += _disposed(gathered, how)
        plans[thing.disposal], after[thing.disposal] = _tried(asked, thing, steps, refused)
    moves = [move for plan in plans.values() for move in plan]
    if must == VOUCHED and not moves and refused:
        raise refused[0]
    if moves:
        batch = by.batch or new_id("step", by.at)
        recording.record(held.collection.site_id, moves, msgspec.structs.replace(by, batch=batch))
    differences.write(how, after, by=by, closing=closing)
    _open(held, differences.open_new(held.collection, gathered, how, by=by), by)
    if all(after[thing.disposal].ended for thing in gathered.things):
        held.collection.state = CLOSED
        held.collection.seq += 1
        held.collection.save(update_fields=["state", "seq"])
    return how


def _tried(
    asked: Asked, thing: Thing, steps: Iterable[Step], refused: list[Refused]
) -> tuple[list[Move], Now]:
    """The steps that the guards let through, in order, and how it stands after them. What they did
    not let through is added to `refused`."""
    held, by, now = asked.held, asked.by, thing.now
    moves = []
    for step in steps:
        stamp = Stamp(seq=now.seq + 1, at=by.at, actor=by.actor, rules=held.rules.version)
        try:
            now = apply(now, step.make(now, stamp), held.rules)
        except Refused as error:
            if step.must:
                raise
            refused.append(error)
            continue
        moves.append(Move(thing.disposal, step.make))
    return moves, now


def _close(row: CollectionDifference, *, must: bool) -> Step:
    def make(_now: Now, stamp: Stamp) -> Event:
        return events.ExceptionClosed(
            **stamp, exception=row.id, outcome="resolved", reason=row.reason
        )

    return Step(make, must)


def _received(asked: Asked, how: Compared, thing: Thing) -> Iterator[Step]:
    """The receipt, of what it names in full, by whoever took it in (I8)."""
    receipt = asked.gathered.receipt
    if receipt is None or not receipt_agrees(asked.gathered, how, thing):
        return
    if not asked.speaks_for(receipt.received_by):
        return
    lines = (serial for line in receipt.lines for serial in line["serials"])
    named = {how.same.get(key, key) for key in map(serials.key, lines)}

    def make(now: Now, stamp: Stamp) -> Event:
        leaves = {key for key, medium in now.media.items() if medium.leaves}
        return events.Received(
            **stamp,
            collection=asked.held.collection.id,
            contractor=receipt.contractor_id,
            accepts_responsibility=receipt.accepts,
            tag=now.tag,
            serials=tuple(sorted(named & leaves)),
            receiver=asked.by.actor,
            evidence=(receipt.evidence,),
        )

    yield Step(make, asked.must == "received")


def _certified(
    asked: Asked, how: Compared, thing: Thing, lines: Sequence[CertificateLine]
) -> Iterator[Step]:
    """What certificates say of its drives, a certificate at a time, by whoever confirmed it."""
    for certificate, own in certified_lines(asked.gathered, how, thing, lines):
        if asked.speaks_for(certificate.decided_by):
            make = _make_certified(asked.held, certificate, own, asked.by)
            yield Step(make, asked.must == "certified")


def _make_certified(
    held: Held, certificate: Certificate, lines: dict[str, CertificateLine], by: By
) -> Make:
    def make(_now: Now, stamp: Stamp) -> Event:
        return events.Certified(
            **stamp,
            contractor=certificate.contractor_id,
            number=line_of(certificate.reference),
            lines=tuple(_line(key, line, held, by.at) for key, line in sorted(lines.items())),
            entered_by=certificate.entered_by,
            confirmed_by=by.actor,
            evidence=(certificate.evidence,),
        )

    return make


def _line(key: str, line: CertificateLine, held: Held, at: int) -> CertifiedLine:
    technique: Any = line.technique or None
    level: Any = line.level
    return CertifiedLine(
        serial=key,
        level=level,
        technique=technique if level != "destroy" else None,
        tool=line_of(line.tool),
        succeeded=line.done,
        finished_at=min(at, _end_of(line.day, held.timezone)),
    )


def _end_of(day: str, timezone: str) -> int:
    """The last second of a day at the school: a certificate names no hour."""
    last = datetime.combine(date.fromisoformat(day), time(23, 59, 59), ZoneInfo(timezone))
    return int(last.timestamp())


def _disposed(gathered: Gathered, how: Compared) -> Iterator[Step]:
    """The end, once the papers of the whole collection agree (I10)."""
    if not how.agrees:
        return
    papers = differences.named_by(gathered, how)

    def make(now: Now, stamp: Stamp) -> Event:
        leaves = {key for key, medium in now.media.items() if medium.leaves}
        certified = {key for key in leaves if now.media[key].certified}
        return events.Disposed(
            **stamp,
            manifest=tuple(sorted(papers["manifest"] & leaves)),
            receipt=tuple(sorted(papers["receipt"] & leaves)),
            certificate=tuple(sorted(papers["certificate"] & certified)),
        )

    yield Step(make)


def _open(held: Held, rows: Iterable[CollectionDifference], by: By) -> None:
    """An exception of the same id in the disposal, opened by whoever compares: the machine."""
    moves = [Move(row.disposal, _make_open(row)) for row in rows if row.disposal]
    if moves:
        system = By(ledger.SYSTEM, by.at, "system", batch=new_id("step", by.at))
        recording.record(held.collection.site_id, moves, system)


def _make_open(row: CollectionDifference) -> Make:
    difference = differences.difference_of(row)

    def make(now: Now, stamp: Stamp) -> Event:
        return events.ExceptionOpened(
            **stamp,
            exception=row.id,
            kind=differences.exception_kind(difference),
            medium=difference.serial if difference.serial in now.media else "",
            owner=row.owned_by,
            due=row.due_at,
        )

    return make
