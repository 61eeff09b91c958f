"""What the pages of drives show; every string may be shown as it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from controller.media.proposal import Proposal
from controller.wording.days import day
from controller.wording.shown import shown
from controller.wording.words import Label, words

LEFT: Final = "somebody who has left"
NO_NAME: Final = "a name that was erased"
NO_DRIVE: Final = "a line that is of no drive in this register"


@dataclass(frozen=True, slots=True)
class Row:
    """One drive. `still`: the policy in force names it although it should not."""

    id: str
    seq: int
    label: str
    kind: str
    model: str
    serial: str
    holder: str
    holder_id: str
    encrypted: str
    use: str
    until: str
    state: Label
    still: bool
    asked_at: int
    asked_by: str
    own: bool
    open: bool
    undecided: bool
    decided_at: int | None
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change of the policy's list."""

    id: str
    label: str
    add: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """The list, the views with their counts, and what is not in force yet."""

    rows: list[Row]
    tabs: list[tuple[str, str, int]]
    lines: list[Line]
    proposal: Proposal
    most: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What a row is held against: days, the entries in force, people by id, and who looks."""

    today: str
    soon: str
    named: Collection[str]
    people: Mapping[str, str]
    actor: str


def row(told: Mapping[str, Any], seen: Seen) -> Row:
    """One drive as people read it."""
    state, known = _state(told, seen), words().media
    return Row(
        id=told["id"],
        seq=told["seq"],
        label=shown(told["label"]),
        kind=known.kinds[told["kind"]],
        model=shown(told["model"]),
        serial=shown(told["serial"]),
        holder=_holder(told),
        holder_id=told["holder_id"] or "",
        encrypted=known.encrypted[told["encrypted"]],
        use=shown(told["use"], 500),
        until=day(told["until"]),
        state=known.states[state],
        still=told["entry"] in seen.named and state not in ("approved", "soon"),
        asked_at=told["asked_at"],
        asked_by=shown(seen.people.get(told["asked_by"], "")) or LEFT,
        own=told["asked_by"] == seen.actor,
        open=told["ended_at"] is None,
        undecided=told["ended_at"] is None and not told["decision"],
        decided_at=told["decided_at"],
        decided_by=shown(seen.people.get(told["decided_by"], "")) or LEFT,
        reason=shown(told["reason"], 500),
    )


def lines(found: Proposal) -> list[Line]:
    """The changes, with their names."""
    return [Line(one.id, shown(one.label) or NO_DRIVE, one.add) for one in found.changes]


def _holder(told: Mapping[str, Any]) -> str:
    if not told["holder_id"]:
        return ""
    return shown(told["holder__name"] or "") or NO_NAME


def _state(told: Mapping[str, Any], seen: Seen) -> str:
    if told["ended_at"] is not None:
        return str(told["ended_how"])
    if told["until"] < seen.today:
        return "expired"
    if told["decision"] != "approved":
        return "refused" if told["decision"] else "asked"
    if told["entry"] not in seen.named:
        return "pending"
    return "soon" if told["until"] <= seen.soon else "approved"
