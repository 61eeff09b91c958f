"""Times away for repair in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.disposal.words import words
from controller.fleet.insides import Told
from controller.wording.days import day
from controller.wording.entries import name_of
from controller.wording.shown import BLOCK, shown
from inventory.repairs.comparing import Changed, Inside, changed, mark
from inventory.repairs.drives import Replaced
from inventory.repairs.queries import Trip

DRIVES: Final = {
    "in": "With its drive in it",
    "out": "Without its drive, which stayed here",
    "none": "It has no drive",
}


PLACES: Final = {
    "kept": "It came back to us, and we keep it",
    "going": "It came back to us, and goes",
    "theirs": "They have it, or say they destroyed it",
    "unknown": "Nobody knows where it is",
}
_LEADS_TO: Final = {
    "kept": "an entry in store",
    "going": "an entry, and its disposal begins",
    "theirs": "an entry and a disposal, for which they have to show what became of it",
    "unknown": "an entry, and the 72 hours of a loss begin now",
}
_WAS: Final = {
    "kept": "came back and is kept",
    "going": "came back, to be disposed of",
    "theirs": "stayed with whoever repaired it",
    "unknown": "nobody knew where it was",
}


@dataclass(frozen=True, slots=True)
class Old:
    """An old drive. `entry` "" while nobody said where it is; `disposal` "" where none began."""

    serial: str
    name: str
    entry: str = ""
    place: str = ""
    disposal: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One time away; every string may be shown as it is. `waits`: back, but not heard from since;
    `said`: what is not the same, a sentence each; `left`: old drives of which nobody said where
    they are, `old`: of which somebody did; `settles`: when that is said, nothing is left."""

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
    left: list[Old]
    old: list[Old]
    settles: bool
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
    entered: Sequence[Replaced] = (),
) -> Row:
    """One time away in words. `told`: what the computer last said is in it."""
    heard = told is not None and trip.returned_at is not None and told.heard_at > trip.returned_at
    differs = changed(trip.before, told.inside) if told is not None and heard else Changed()
    left = differs.left([one.mark for one in entered])
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
        left=[Old(one, shown(one)) for one in left],
        old=[_old(one, trip) for one in entered],
        settles=differs.settled([*(one.mark for one in entered), *left[:1]]),
        answered_at=trip.answered_at,
        answered_by=shown(who.get(trip.answered_by, "")) or "somebody",
        answer=shown(trip.answer, 500),
    )


def choices() -> list[tuple[str, str, str]]:
    """Where an old drive may be: the choice, in words, and what follows."""
    return [(key, label, _LEADS_TO[key]) for key, label in PLACES.items()]


def _old(one: Replaced, trip: Trip) -> Old:
    serial = next((each for each in trip.before.drives if mark(each) == one.mark), one.mark)
    state = words().states[one.state].label if one.disposal else ""
    return Old(serial, shown(serial), one.entry, _WAS.get(one.place, ""), one.disposal, state)


def sentences(differs: Changed) -> list[str]:
    """What is not the same, for whoever has to say what became of it."""
    said = [f"Drive {shown(one)} is not in it any more." for one in differs.gone]
    said += [f"Drive {shown(one)} is new in it." for one in differs.new]
    if differs.board_before:
        before, now = shown(differs.board_before), shown(differs.board_now)
        said.append(f"Its main board was {before} and is {now}.")
    return said
