"""What was done in one step, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.register.entry import Changed, changes, who
from controller.register.said import REFERENCES
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.assets.queries import Past
from inventory.assets.steps import MOST_UNDONE, StepDone

_ELSEWHERE = "What was given out, came back or was joined is undone where it was done."
_NOTHING = "Everything in it was taken back or changed since: nothing is left to take back."
_TOO_MANY = "A step of this size is taken back on the server itself: caretaker assets undo"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the step; `stands`: it is still as the step left it."""

    id: str
    name: str
    tag: str
    changes: list[Changed]
    stands: bool


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page; every string may be shown as it is."""

    id: str
    who: str
    at: int
    what: list[tuple[str, int]]
    number: int
    rows: list[Row]
    next: str
    may_undo: bool
    note: str


def named_in(done: StepDone) -> set[str]:
    """Ids the page says the names of."""
    sides = [side for one in done.entries for side in (one.before, one.after)]
    return {str(side[name]) for side in sides for name in REFERENCES & side.keys() if side[name]}


def page(
    done: StepDone, *, names: Mapping[str, str], people: Mapping[str, str], may_change: bool
) -> StepPage:
    """Put it together. `people`: accounts by id; `may_change`: whoever looks may take it back."""
    known = words().register.verbs
    rows = [
        Row(
            one.values["id"],
            name_of(one.values),
            shown(one.values["tag"]),
            changes(one.before, one.after, names),
            one.stands,
        )
        for one in done.entries
    ]
    note = _note(done)
    first = Past(0, done.at, done.actor, done.source, "", {}, {}, done.id)
    return StepPage(
        id=done.id,
        who=who(first, people),
        at=done.at,
        what=[(known.get(verb, known["other"]), n) for verb, n in sorted(done.verbs.items())],
        number=done.number,
        rows=rows,
        next=done.next,
        may_undo=may_change and not note,
        note=note if may_change else "",
    )


def _note(done: StepDone) -> str:
    if done.elsewhere:
        return _ELSEWHERE
    if done.number > MOST_UNDONE:
        return f"{_TOO_MANY} {done.id}"
    whole = len(done.entries) == done.number
    return _NOTHING if whole and not any(one.stands for one in done.entries) else ""
