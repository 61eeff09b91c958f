"""Enter a company's certificate, and compare it with the paper: two people (I2, I9, I10)."""

from collections.abc import Sequence
from datetime import date
from typing import Final, get_args

import msgspec
from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections.advancing import advance
from inventory.collections.holding import Held, held
from inventory.collections.typed import LONGEST, MOST_LINES
from inventory.disposal import serials
from inventory.disposal.states import LEVELS, Technique
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Certificate, CertificateLine, Collection, Contractor

TECHNIQUES: Final = get_args(Technique)
LONGEST_REASON: Final = 500


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What it says of one drive. `technique` "" where it was destroyed."""

    serial: str
    tag: str = ""
    level: str
    technique: str = ""
    method: str = ""
    tool: str = ""
    done: bool = True
    day: str


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate as it was read, by a person or a reader of files (`read_as`)."""

    contractor: str
    reference: str = ""
    day: str
    lines: tuple[Line, ...]
    evidence: str
    read_as: str = ""


def enter(site_id: str, collection_id: str, given: Given, *, by: By) -> str:
    """Keep a certificate until somebody else has compared it; its id. Raises RegisterError."""
    try:
        with transaction.atomic():
            collection = _collected(site_id, collection_id)
            _check(collection, given)
            certificate = _keep(collection, given, by)
            _record(certificate, "certificate.enter", given.lines, by)
    except IntegrityError as error:
        raise RegisterError(
            "known", "This file is a certificate of this collection already.", "file"
        ) from error
    return certificate.id


def confirm(site_id: str, certificate_id: str, *, seen: int, by: By) -> None:
    """It says what the paper says. Its drives are certified, and where every paper agrees the
    disposals end. Raises RegisterError and StaleError."""
    with transaction.atomic():
        whole = held(site_id, _collection_of(site_id, certificate_id), at=by.at)
        row = _locked(site_id, certificate_id, seen)
        if row.entered_by == by.actor:
            raise RegisterError(
                "same_confirmer",
                "You entered this, so somebody else compares it with the paper (I2): the head, the "
                "business manager or an administrator.",
            )
        _received_first(whole, row)
        row.state, row.decided_at, row.decided_by = "confirmed", by.at, by.actor
        row.save()
        _record(row, "certificate.confirm", (), by)
        advance(whole, by=by, must="certified")


def refuse(site_id: str, certificate_id: str, *, seen: int, by: By) -> None:
    """It is not what the paper says, or not the right paper: `by.reason`. Nothing of it counts.
    Raises RegisterError and StaleError."""
    reason = by.reason.strip()[:LONGEST_REASON]
    if not reason:
        raise RegisterError("no_reason", "Say what is wrong with it.", "reason")
    with transaction.atomic():
        row = _locked(site_id, certificate_id, seen)
        row.state, row.decided_at, row.decided_by = "refused", by.at, by.actor
        row.reason = reason
        row.save()
        _record(row, "certificate.refuse", (), by)


def _received_first(whole: Held, row: Certificate) -> None:
    """A company certifies what it has received: its receipt comes first (I8)."""
    keys = {*row.lines.values_list("key", flat=True)}
    early = [
        thing.now.tag
        for thing in whole.things
        if thing.now.state == "collected" and keys & thing.now.media.keys()
    ]
    if early and row.contractor_id == whole.collection.contractor_id:
        raise RegisterError(
            "receipt_first",
            f"No receipt names {', '.join(sorted(early)[:5])} in full yet (I8). Take in the "
            "receipt first, or let it go on where it waits for somebody, then confirm this.",
        )


def _check(collection: Collection, given: Given) -> None:
    firms = Contractor.objects.filter(site_id=collection.site_id, id=given.contractor)
    if not firms.exists():
        raise RegisterError(
            "not_found", "Choose the company whose certificate it is.", "contractor"
        )
    if not given.evidence:
        raise RegisterError("no_evidence", "Choose the file or the photograph of it.", "file")
    if not 0 < len(given.lines) <= MOST_LINES:
        raise RegisterError(
            "no_lines", "Write each drive that stands on it, one to a line.", "lines"
        )
    for day in {given.day, *(line.day for line in given.lines)}:
        _check_day(day, collection)
    for number, line in enumerate(given.lines, 1):
        _check_line(number, line)


def _check_day(day: str, collection: Collection) -> None:
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise RegisterError("bad_day", "Write the day as 31/08/2027.", "day") from error
    if found < date.fromisoformat(collection.day):
        raise RegisterError(
            "bad_day",
            "It says that something was done before it was collected (I9). Ask the company to "
            "correct it.",
            "day",
        )


def _check_line(number: int, line: Line) -> None:
    wrong = ""
    if line.level not in LEVELS:
        wrong = "say whether it was cleared, purged or destroyed"
    elif line.level != "destroy" and line.done and line.technique not in TECHNIQUES:
        wrong = "say how it was wiped"
    elif len(line.serial) > LONGEST or len(line.tag) > LONGEST:
        wrong = f"a number has {LONGEST} characters at most"
    if wrong:
        raise RegisterError("bad_line", f"Line {number}: {wrong}.", "lines")


def _keep(collection: Collection, given: Given, by: By) -> Certificate:
    certificate = Certificate.objects.create(
        id=new_id("cert", by.at),
        site_id=collection.site_id,
        collection=collection,
        contractor_id=given.contractor,
        reference=given.reference.strip()[:60],
        day=given.day,
        evidence=given.evidence,
        read_as=given.read_as,
        entered_at=by.at,
        entered_by=by.actor,
    )
    CertificateLine.objects.bulk_create(
        [
            CertificateLine(
                site_id=collection.site_id,
                certificate=certificate,
                position=position,
                serial=line.serial,
                key=serials.key(line.serial),
                tag=line.tag,
                level=line.level,
                technique="" if line.level == "destroy" else line.technique,
                method=line.method[:120],
                tool=line.tool[:120],
                done=line.done,
                day=line.day,
            )
            for position, line in enumerate(given.lines, 1)
        ]
    )
    return certificate


def _collected(site_id: str, collection_id: str) -> Collection:
    rows = Collection.objects.select_for_update().filter(site_id=site_id, id=collection_id)
    found = rows.filter(state="collected").first()
    if found is None:
        raise RegisterError(
            "not_now", "This collection waits for no certificate. Look at it again."
        )
    return found


def _collection_of(site_id: str, certificate_id: str) -> str:
    rows = Certificate.objects.filter(site_id=site_id, id=certificate_id)
    return rows.values_list("collection_id", flat=True).first() or ""


def _locked(site_id: str, certificate_id: str, seen: int) -> Certificate:
    rows = Certificate.objects.select_for_update().filter(site_id=site_id, id=certificate_id)
    row = rows.filter(state="entered").first()
    if row is None:
        raise RegisterError("not_found", "This certificate was decided about already.")
    if row.seq != seen:
        raise StaleError([])
    row.seq += 1
    return row


def _record(row: Certificate, verb: str, lines: Sequence[Line], by: By) -> None:
    told = [msgspec.structs.asdict(line) for line in lines]
    ledger.append(
        site_id=row.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=row.id,
        after={
            "seq": row.seq,
            "collection": row.collection_id,
            "evidence": row.evidence,
            "state": row.state,
            **({"lines": ledger.digest({"lines": told})} if told else {}),
        },
    )
