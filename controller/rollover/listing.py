"""A rollover in words: what may move, what would, and what did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controller.places.typing import Named
from controller.register.said import called
from controller.rollover.forms import Names
from controller.wording.days import day
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.places.queries import Place
from inventory.rollover.planning import Plan
from inventory.rollover.queries import Done


@dataclass(frozen=True, slots=True)
class Line:
    """One place in the form; `options`: the list its box suggests from."""

    id: str
    name: str
    number: int
    options: str
    typed: str


@dataclass(frozen=True, slots=True)
class Move:
    """Things that go from one place or person to another."""

    source: str
    to: str
    number: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen."""

    moves: list[Move]
    stays: list[tuple[str, str, str]]
    leavers: list[tuple[str, int]]
    left_on: str
    total: int
    mark: str


@dataclass(frozen=True, slots=True)
class Form:
    """The page before it is done."""

    lines: list[tuple[str, list[Line]]]
    rooms: list[str]
    trolley_targets: list[str]
    pools: list[str]
    people: list[str]
    earlier: list["Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """One rollover that was done."""

    id: str
    at: int
    who: str
    moves: list[Move]
    leavers: list[tuple[str, int]]
    left_on: str
    total: int
    batch: str
    undone_at: int | None
    undone_by: str


def form_lines(
    places: Sequence[tuple[str, str, Sequence[Place]]], known: Names, typed: Mapping[str, str]
) -> list[tuple[str, list[Line]]]:
    """The places that have things, in groups of (title, list to suggest from, places)."""
    named: dict[str, Named] = {
        "rooms": known.rooms,
        "pools": known.pools,
        "trolley-targets": known.trolleys,
    }
    return [
        (
            title,
            [
                Line(
                    one.id,
                    named[options].label_of(one.id) or "A trolley without a name",
                    one.number,
                    options,
                    typed.get(f"place-{one.id}", ""),
                )
                for one in found
                if one.number or one.kind == "trolley"
            ],
        )
        for title, options, found in places
    ]


def preview(plan: Plan, names: Mapping[str, str]) -> Preview:
    """A plan in words."""
    moves = [Move(called(a, names), called(b, names), n) for a, b, n in plan.moved]
    moves += [Move(called(a, names), called(b, names), len(ids)) for a, b, ids in plan.gives]
    whys = {"loan": "lent until a day"}
    return Preview(
        moves=moves,
        stays=[
            (one.asset, shown(one.name) or "An entry", whys.get(one.why) or _why(one.why))
            for one in plan.stays
        ],
        leavers=[(called(p, names), plan.keeps.get(p, 0)) for p, _, _ in plan.leavers],
        left_on=day(plan.leavers[0][2]) if plan.leavers else "",
        total=len(plan.changes) + sum(len(ids) for _, _, ids in plan.gives),
        mark=plan.mark,
    )


def step(
    done: Done, names: Mapping[str, str], accounts: Mapping[str, str], have: Mapping[str, int]
) -> Step:
    """A rollover in words."""
    moves = [Move(called(str(a), names), called(str(b), names), int(n)) for a, b, n in done.moves]
    return Step(
        id=done.id,
        at=done.at,
        who=shown(accounts.get(done.actor, "")) or "somebody",
        moves=moves,
        leavers=[(called(person, names), have.get(person, 0)) for person, _, _ in done.leavers],
        left_on=day(done.leavers[0][2]) if done.leavers else "",
        total=sum(move.number for move in moves),
        batch=done.batch,
        undone_at=done.undone_at,
        undone_by=shown(accounts.get(done.undone_by, "")) or "somebody",
    )


def named_in(done: Sequence[Done]) -> set[str]:
    """Ids a page says the names of."""
    found = {str(id_) for one in done for row in one.moves for id_ in row[:2]}
    return found | {row[0] for one in done for row in one.leavers}


def _why(state: str) -> str:
    return words().register.state(state).label.lower()
