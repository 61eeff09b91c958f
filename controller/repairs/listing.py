"""Times away for repair in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from controller.fleet.insides import Told
from controller.wording.days import day
from controller.wording.entries import name_of
from controller.wording.shown import BLOCK, shown
from inventory.repairs.comparing import Changed, Inside, changed
from inventory.repairs.queries import Trip

DRIVES: Final = {
    "in": "With its drive in it",
    "out": "Without its drive, which stayed here",
    "none": "It has no drive",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One time away; every string may be shown as it is. `waits`: back, but not heard from since;
    `said`: what is not the same, a sentence each."""

    id: str
    asset: str
    name: str
    tag: str
    repairer: str
    reference: str
    fault: str
    drive: str
    personal_data: bool
    sent_at: int
    expected: str
    overdue: bool
    returned_at: int | None
    waits: bool
    said: list[str]
    answered_at: int | None
    answered_by: str
    answer: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that is away, all that came back changed, and what is away without a word."""

    away: list[Row]
    changed: list[Row]
    wordless: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry and its times away; `open`: the one it is on now."""

    id: str
    site: str
    seq: int
    name: str
    tag: str
    state: str
    inside: Inside
    open: Row | None
    job: Row | None
    past: list[Row]


def row(
    trip: Trip,
    entry: Mapping[str, Any],
    told: Told | None,
    *,
    today: str,
    who: Mapping[str, str],
) -> Row:
    """One time away in words. `told`: what the computer last said is in it."""
    heard = told is not None and trip.returned_at is not None and told.heard_at > trip.returned_at
    differs = changed(trip.before, told.inside) if told is not None and heard else Changed()
    known = bool(trip.before.drives or trip.before.board)
    return Row(
        id=trip.id,
        asset=trip.asset,
        name=name_of(entry),
        tag=shown(entry["tag"]),
        repairer=shown(trip.repairer, 128),
        reference=shown(trip.reference),
        fault=shown(trip.fault, BLOCK),
        drive=DRIVES.get(trip.drive, ""),
        personal_data=trip.personal_data == "yes",
        sent_at=trip.sent_at,
        expected=day(trip.expected_on) if trip.expected_on else "",
        overdue=trip.returned_at is None and bool(trip.expected_on) and trip.expected_on < today,
        returned_at=trip.returned_at,
        waits=known and trip.returned_at is not None and not heard and trip.answered_at is None,
        said=sentences(differs),
        answered_at=trip.answered_at,
        answered_by=shown(who.get(trip.answered_by, "")) or "somebody",
        answer=shown(trip.answer, 500),
    )


def sentences(differs: Changed) -> list[str]:
    """What is not the same, for whoever has to say what became of it."""
    said = [f"Drive {shown(one)} is not in it any more." for one in differs.gone]
    said += [f"Drive {shown(one)} is new in it." for one in differs.new]
    if differs.board_before:
        before, now = shown(differs.board_before), shown(differs.board_now)
        said.append(f"Its main board was {before} and is {now}.")
    return said
