"""What the pages of receipts and certificates show; every string may be shown as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.wording.days import day
from controller.wording.shown import shown
from controller.wording.words import Label
from inventory.collections.differences import AGREES, difference_of
from inventory.collections.differing import known, said
from inventory.collections.papers import ONLY_PAPER, PAPERS, Cell, Difference, Paper, Row
from inventory.collections.waiting import Due, key_of

CELLS: Final[Mapping[Cell, Label]] = {
    "there": Label("Yes", "circle-check", "good"),
    "missing": Label("Missing", "x", "bad"),
    "waiting": Label("Not yet", "clock", "grey"),
    "not_needed": Label("Not on it", "minus", "grey"),
    "extra": Label("Not ours here", "alert-triangle", "bad"),
    "difference": Label("Look", "alert-triangle", "warn"),
}
HEADS: Final[Mapping[Paper, str]] = {
    "set": "Approved",
    "manifest": "Collection list",
    "receipt": "Receipt",
    "certificate": "Certificate",
}
CERTIFICATE: Final[Mapping[str, Label]] = {
    "entered": Label("To be compared", "clock", "warn"),
    "confirmed": Label("Confirmed", "circle-check", "good"),
    "refused": Label("Refused", "x", "grey"),
}
_WAITS: Final[Mapping[str, str]] = {
    "receipt": "The receipt waits for {who}, who took it in, or for somebody else who may take in "
    "receipts and did not ask for the disposal.",
    "certificate": "The certificate waits for {who}, who compared it, or for somebody else who may "
    "compare it and did not type it.",
    "end": "Every paper agrees, so what went can be closed.",
    "differed": "Every paper agrees. A later one settled what differed before: that is closed, and "
    "what went with it, by somebody who may take in receipts and did not ask for the disposal.",
}
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class TableCell:
    """One paper's word on one row."""

    head: str
    label: Label


@dataclass(frozen=True, slots=True)
class TableRow:
    """One drive, or a thing without one, across the four papers."""

    tag: str
    serial: str
    cells: list[TableCell]
    said: list[str]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One difference. `step`: `open`, `second` where another person has to confirm, `closed`."""

    id: str
    seq: int
    collection: str
    day: str
    firm: str
    label: str
    said: str
    do: str
    alarm: bool
    step: str
    only_paper: bool
    two: bool
    gone: bool
    agrees: bool
    """A later paper agrees, and somebody else than who entered that closes it."""
    owner: str
    mine: bool
    due_at: int
    late: bool
    opened_at: int
    reason: str
    proposed_by: str
    proposed_at: int | None
    own: bool
    closed_by: str
    closed_at: int | None
    how: str
    disposal: str


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt; the newest counts."""

    number: int
    day: str
    who: str
    at: int
    clause: str
    reason: str
    file: str
    things: int
    conditions: list[str]


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate. `own`: this person entered it, so somebody else decides."""

    id: str
    seq: int
    reference: str
    day: str
    firm: str
    state: Label
    open: bool
    drives: int
    who: str
    at: int
    decided_by: str
    decided_at: int | None
    reason: str
    file: str
    read: bool
    own: bool


@dataclass(frozen=True, slots=True)
class GoOn:
    """Steps that wait for somebody who vouches for a paper. `key`: what the button sends back;
    `may`: whether it is not barred to this person; `said`: for whom each waits."""

    key: str
    may: bool
    said: list[str]


def go_on(waits: Sequence[Due], people: Mapping[str, str], me: str) -> GoOn | None:
    """Who may move on what waits; None where nothing does."""
    if not waits:
        return None
    said = {
        "differed" if one.paper == "end" and one.barred else one.paper: one.person for one in waits
    }
    return GoOn(
        key=key_of(waits),
        may=any(me not in one.barred for one in waits),
        said=[
            _WAITS[paper].format(who=shown(people.get(who, "")) or "whoever had it")
            for paper, who in sorted(said.items())
        ],
    )


def table_row(row: Row, names: Mapping[str, str]) -> TableRow:
    """`names`: companies by id."""
    return TableRow(
        tag=shown(row.tag),
        serial=shown(row.serial),
        cells=[TableCell(HEADS[paper], CELLS[row.cells[paper]]) for paper in PAPERS],
        said=[sentence(one, names, row.serial) for one in row.differences],
    )


def sentence(one: Difference, names: Mapping[str, str], written: str = "") -> str:
    """A difference in words."""
    what = written if one.serial and one.kind != "suspect" else ""
    return shown(said(one, what=what, other=names.get(one.other, "")), _LONGEST)


def difference_row(
    row: Mapping[str, Any], people: Mapping[str, str], names: Mapping[str, str], me: str, now: int
) -> DifferenceRow:
    """One of them as it is kept."""
    one = difference_of(row)
    about, closed = known().kinds[one.kind], row["closed_at"] is not None
    return DifferenceRow(
        id=row["id"],
        seq=row["seq"],
        collection=row["collection_id"],
        day=day(row["collection__day"]),
        firm=shown(row["collection__contractor__name"]),
        label=about.label,
        said=sentence(one, names),
        do=about.do,
        alarm=one.alarm,
        step="closed" if closed else "second" if row["proposed_by"] else "open",
        only_paper=one.kind in ONLY_PAPER,
        two=one.of_serials,
        gone=row["how"] == "gone",
        agrees=not closed and row["reason"] == AGREES and not one.alarm,
        owner=shown(people.get(row["owned_by"], "")) or "nobody",
        mine=row["owned_by"] == me,
        due_at=row["due_at"],
        late=not closed and row["due_at"] < now,
        opened_at=row["opened_at"],
        reason=shown(row["reason"], 500),
        proposed_by=shown(people.get(row["proposed_by"], "")),
        proposed_at=row["proposed_at"],
        own=row["proposed_by"] == me,
        closed_by=shown(people.get(row["closed_by"], "")),
        closed_at=row["closed_at"],
        how=row["how"],
        disposal=row["disposal"],
    )


def receipt_row(row: Mapping[str, Any], people: Mapping[str, str]) -> ReceiptRow:
    """One of them."""
    return ReceiptRow(
        number=row["number"],
        day=day(row["day"]),
        who=shown(people.get(row["received_by"], "")),
        at=row["received_at"],
        clause=shown(row["clause"], 1_000),
        reason=shown(row["reason"], 500),
        file=row["evidence"],
        things=len(row["lines"]),
        conditions=[
            shown(f"{line['tag'] or ', '.join(line['serials'])}: {line['condition']}", _LONGEST)
            for line in row["lines"]
            if line["condition"]
        ],
    )


def certificate_row(row: Mapping[str, Any], people: Mapping[str, str], me: str) -> CertificateRow:
    """One of them."""
    return CertificateRow(
        id=row["id"],
        seq=row["seq"],
        reference=shown(row["reference"]),
        day=day(row["day"]),
        firm=shown(row["contractor__name"]),
        state=CERTIFICATE[row["state"]],
        open=row["state"] == "entered",
        drives=row["n"],
        who=shown(people.get(row["entered_by"], "")),
        at=row["entered_at"],
        decided_by=shown(people.get(row["decided_by"], "")),
        decided_at=row["decided_at"],
        reason=shown(row["reason"], 500),
        file=row["evidence"],
        read=bool(row["read_as"]),
        own=row["entered_by"] == me,
    )
