"""Steps by which a thing leaves, is lost or found, and what does not fit is settled."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence

import msgspec

from inventory.assets.writing import By
from inventory.disposal import deciding, recording
from inventory.disposal.deciding import Seen
from inventory.disposal.events import (
    Certified,
    Collected,
    Corrected,
    Disposed,
    ExceptionClosed,
    ExceptionOpened,
    Found,
    HandedOver,
    Missing,
    Received,
    WrittenOff,
)
from inventory.disposal.events import Seen as SeenAgain
from inventory.disposal.media import Proposal
from inventory.disposal.now import Now
from inventory.disposal.proving import answered_for, leaving
from inventory.disposal.recording import Make, Move, Recorded, Stamp
from inventory.disposal.states import (
    Breach,
    Encryption,
    ExceptionKind,
    ExceptionOutcome,
    LossKind,
    Outcome,
    Strength,
)
from inventory.disposal.values import CertifiedLine, MediumEncryption, Paper
from inventory.disposal.wording import line, sentence
from inventory.disposal.working import check_entry, check_unknown
from inventory.ids import new_id


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A collection as it drove away; `papers` are the contractor's as they stood on `day` (I7)."""

    collection: str
    contractor: str
    day: str
    papers: tuple[Paper, ...]
    evidence: tuple[str, ...] = ()


def collect(
    site_id: str,
    gone: Gone,
    *,
    seen: Seen,
    manifests: Mapping[str, Sequence[str]] | None = None,
    by: By,
) -> list[Recorded]:
    """A contractor drove away with these, as one step. `manifests`: disposal → serial numbers that
    went along; None: all that there are."""
    moves = []
    for disposal_id, number in seen.items():
        listed = None if manifests is None else tuple(manifests.get(disposal_id, ()))

        def make(now: Now, stamp: Stamp, listed: tuple[str, ...] | None = listed) -> Collected:
            return Collected(
                **stamp,
                collection=gone.collection,
                contractor=gone.contractor,
                day=gone.day,
                papers=gone.papers,
                manifest=tuple(sorted(leaving(now))) if listed is None else listed,
                evidence=gone.evidence,
            )

        moves.append(Move(disposal_id, make, number))
    return recording.record(site_id, moves, deciding.batched(by, seen))


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A contractor's receipt as far as it concerns one thing: its tag and serial numbers (T4), and
    whether it accepts responsibility (T5)."""

    collection: str
    contractor: str
    accepts_responsibility: bool
    tag: str
    serials: tuple[str, ...]
    evidence: tuple[str, ...]


def receive(site_id: str, receipts: Mapping[str, Receipt], *, seen: Seen, by: By) -> list[Recorded]:
    """Take in the receipt of a collection: disposal → what it says of that one, as one step."""
    moves = [
        Move(disposal_id, _received(receipt, by), seen.get(disposal_id))
        for disposal_id, receipt in receipts.items()
    ]
    return recording.record(site_id, moves, deciding.batched(by, receipts))


def _received(receipt: Receipt, by: By) -> Make:
    values = msgspec.structs.asdict(receipt) | {"tag": line(receipt.tag), "receiver": by.actor}

    def make(_: Now, stamp: Stamp) -> Received:
        return Received(**stamp, **values)

    return make


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A contractor's certificate as far as it concerns one thing. Whoever records it confirms what
    `entered_by` typed (I2)."""

    contractor: str
    lines: tuple[CertifiedLine, ...]
    entered_by: str
    evidence: tuple[str, ...]
    number: str = ""


def certify(
    site_id: str, certificates: Mapping[str, Certificate], *, seen: Seen, by: By
) -> list[Recorded]:
    """Take in a certificate: disposal → what it says of that one, as one step."""
    moves = [
        Move(disposal_id, _certified(one, by), seen.get(disposal_id))
        for disposal_id, one in certificates.items()
    ]
    return recording.record(site_id, moves, deciding.batched(by, certificates))


def _certified(certificate: Certificate, by: By) -> Make:
    values = msgspec.structs.asdict(certificate)
    values |= {"number": line(certificate.number), "confirmed_by": by.actor}

    def make(_: Now, stamp: Stamp) -> Certified:
        return Certified(**stamp, **values)

    return make


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What the papers of a collection say of one thing, each serial number as often as it stands
    there; `elsewhere`: serial numbers that they name under another thing too (I10)."""

    manifest: tuple[str, ...]
    receipt: tuple[str, ...]
    certificate: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


def dispose(site_id: str, papers: Mapping[str, Papers], *, seen: Seen, by: By) -> list[Recorded]:
    """Close these as disposed of, as one step (I5, I10)."""

    def made(one: Papers) -> Make:
        def make(_: Now, stamp: Stamp) -> Disposed:
            return Disposed(**stamp, **msgspec.structs.asdict(one))

        return make

    moves = [Move(one, made(said), seen.get(one)) for one, said in papers.items()]
    return recording.record(site_id, moves, deciding.batched(by, papers))


def stranger() -> str:
    """Stands for a recipient who is nobody of the school. Their name is on the receipt and only
    there: what is signed here can never be erased, so it tells nobody who it was."""
    return hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def hand_over(
    site_id: str,
    disposal_id: str,
    *,
    outcome: Outcome,
    recipient: str,
    evidence: Sequence[str],
    price_pence: int = 0,
    outsider: bool = False,
    by: By,
    seen: int | None,
) -> Recorded:
    """Donated, sold, transferred, returned, or used again at the school."""

    def make(_: Now, stamp: Stamp) -> HandedOver:
        return HandedOver(
            **stamp,
            outcome=outcome,
            recipient=recipient,
            evidence=tuple(evidence),
            price_pence=price_pence,
            outsider=outsider,
        )

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """A loss: since when somebody knew, and how its media were encrypted as last reported (I14)."""

    kind: LossKind
    discovered_at: int
    encryption: Encryption = "unknown"
    reported_at: int | None = None
    reason: str = ""


def lose(site_id: str, disposal_id: str, loss: Loss, *, by: By, seen: int | None) -> Recorded:
    """What was on its way out is lost or stolen; 72 hours run (I14)."""
    return deciding.one(site_id, disposal_id, _missing(loss), by=by, seen=seen)


def report_lost(
    site_id: str,
    asset_id: str,
    loss: Loss,
    *,
    told: Mapping[str, Proposal] | None = None,
    by: By,
) -> Recorded:
    """A thing that was in use is lost or stolen: it is out of use and missing in one step. Raises
    RegisterError."""
    first = deciding.first_steps(
        site_id,
        [asset_id],
        reason=loss.reason or loss.kind.capitalize(),
        personal_data=None,
        told=told or {},
        lost=True,
    )
    return recording.begin(site_id, {asset_id: [first[asset_id], _missing(loss)]}, by)[0]


def _missing(loss: Loss) -> Make:
    reason = sentence(loss.reason)

    def make(now: Now, stamp: Stamp) -> Missing:
        return Missing(
            **stamp,
            kind=loss.kind,
            discovered_at=loss.discovered_at,
            encryption=tuple(
                MediumEncryption(serial=serial, state=loss.encryption, reported_at=loss.reported_at)
                for serial in sorted(answered_for(now)) or [""]
            ),
            reason=reason,
        )

    return make


def find(site_id: str, disposal_id: str, *, reason: str, by: By, seen: int | None) -> Recorded:
    """It is here again, and nothing of it is proven any more."""
    reason = sentence(reason)

    def make(_: Now, stamp: Stamp) -> Found:
        return Found(**stamp, reason=reason)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What is given up, in which role, and what became of the breach (I14)."""

    role: str
    value_pence: int
    breach: Breach
    reason: str
    minute: str = ""
    evidence: tuple[str, ...] = ()


def write_off(
    site_id: str, disposal_id: str, assessment: Assessment, *, by: By, seen: int | None
) -> Recorded:
    """What is missing is given up."""
    values = msgspec.structs.asdict(assessment)
    values |= {"reason": sentence(assessment.reason), "minute": line(assessment.minute)}

    def make(_: Now, stamp: Stamp) -> WrittenOff:
        return WrittenOff(**stamp, **values)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def open_exception(
    site_id: str,
    disposal_id: str,
    *,
    kind: ExceptionKind,
    due: int,
    medium: str = "",
    owner: str = "",
    reason: str = "",
    by: By,
    seen: int | None,
) -> Recorded:
    """Something does not fit (I10)."""
    reason, name = sentence(reason), new_id("exc", by.at)

    def make(_: Now, stamp: Stamp) -> ExceptionOpened:
        return ExceptionOpened(
            **stamp,
            exception=name,
            kind=kind,
            medium=medium,
            owner=owner or by.actor,
            due=due,
            reason=reason,
        )

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """How an exception ended; `entry`: where a missing medium lives now."""

    exception: str
    outcome: ExceptionOutcome
    reason: str
    entry: str = ""
    evidence: tuple[str, ...] = ()
    role: str = ""
    """As what, where a medium is given up after the approval; `minute` where a committee does."""
    minute: str = ""


def close_exception(
    site_id: str, disposal_id: str, settled: Settled, *, by: By, seen: int | None
) -> Recorded:
    """What did not fit is explained (I10). Raises RegisterError."""
    values = msgspec.structs.asdict(settled)
    values |= {"reason": sentence(settled.reason), "minute": line(settled.minute)}

    def make(now: Now, stamp: Stamp) -> ExceptionClosed:
        opened = now.exceptions.get(settled.exception)
        if settled.entry not in ("", now.asset):
            check_entry(site_id, settled.entry, opened.medium if opened else "")
        if settled.outcome == "never_there" and opened:
            check_unknown(site_id, disposal_id, opened.medium)
        return ExceptionClosed(**stamp, **values)

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)


def saw(site_id: str, disposal_id: str, *, what: str, strength: Strength, by: By) -> Recorded:
    """What left was seen again; nothing changes, somebody is told (I11)."""

    def make(_: Now, stamp: Stamp) -> SeenAgain:
        return SeenAgain(**stamp, what=what, strength=strength)

    return deciding.one(site_id, disposal_id, make, by=by, seen=None)


def correct(
    site_id: str,
    disposal_id: str,
    *,
    corrects: int,
    second: str,
    reason: str,
    evidence: Sequence[str] = (),
    by: By,
    seen: int | None,
) -> Recorded:
    """Two people remark on a step; what happened stands as it was (I12)."""
    reason = sentence(reason)

    def make(_: Now, stamp: Stamp) -> Corrected:
        return Corrected(
            **stamp, corrects=corrects, second=second, reason=reason, evidence=tuple(evidence)
        )

    return deciding.one(site_id, disposal_id, make, by=by, seen=seen)
