"""The list of what a school owns: its rows and what stands around them, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.fleet.listing import Row as Computer
from controller.register.said import called
from controller.wording.days import day
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory.assets.kinds import kind_of, kinds
from inventory.assets.queries import MOST_COUNTED, Asked, Listed
from inventory.assets.states import GONE, STATES

_NAMED: Final = ("room", "pool", "parent", "holder")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in the list; every string may be shown as it is."""

    id: str
    name: str
    kind: str
    model: str
    tag: str
    label: Label
    place: str
    holder: str
    due: str
    overdue: bool
    computer: Computer | None


@dataclass(frozen=True, slots=True)
class Tab:
    """One state and how many entries are in it."""

    name: str
    label: Label
    number: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, and what it may be narrowed by."""

    rows: list[Row]
    previous: str
    next: str
    total: int
    more: bool
    owned: int
    every: int
    tabs: list[Tab]
    kinds: list[tuple[str, str]]
    rooms: list[tuple[str, str]]
    pools: list[tuple[str, str]]
    names: Mapping[str, str]
    narrowed: bool


def narrowed(asked: Asked) -> bool:
    """Whether anything but the order was asked for."""
    return bool(
        asked.search
        or asked.kinds
        or asked.states
        or asked.gap
        or asked.due
        or any(getattr(asked, name) for name in _NAMED)
    )


def named_in(rows: Sequence[Mapping[str, Any]], asked: Asked) -> set[str]:
    """Ids the page says the names of."""
    found = {row[name] for row in rows for name in _NAMED}
    return found | {getattr(asked, name) for name in _NAMED}


def listing(
    found: Listed,
    *,
    today: str,
    names: Mapping[str, str],
    live: Mapping[str, Computer],
    counted: Mapping[tuple[str, str], int],
    total: int | None,
    counted_out: bool,
    rooms: list[tuple[str, str]],
    pools: list[tuple[str, str]],
) -> Listing:
    """Put the page together. `total`: how many were found, None where nothing was asked for;
    `counted_out`: whether that is all there are."""
    states = _summed(counted, 0)
    owned = sum(number for state, number in states.items() if state not in GONE)
    known, there = kinds(), _summed(counted, 1)
    return Listing(
        rows=[_row(row, today, names, live.get(row["id"])) for row in found.rows],
        previous=found.previous,
        next=found.next,
        total=owned if total is None else total if counted_out else MOST_COUNTED,
        more=not counted_out,
        owned=owned,
        every=sum(states.values()),
        tabs=[
            Tab(state, words().register.state(state), states[state])
            for state in STATES
            if state in states
        ],
        kinds=[(name, kind.title) for name, kind in known.items() if name in there],
        rooms=[(room, shown(name)) for room, name in rooms],
        pools=[(pool, shown(name)) for pool, name in pools],
        names={one: called(one, names) for one in names},
        narrowed=total is not None,
    )


def _summed(counted: Mapping[tuple[str, str], int], part: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, number in counted.items():
        sums[key[part]] = sums.get(key[part], 0) + number
    return sums


def _row(
    row: Mapping[str, Any], today: str, names: Mapping[str, str], computer: Computer | None
) -> Row:
    return Row(
        id=row["id"],
        name=name_of(row),
        kind=kind_of(row["kind"]).title,
        model=shown(f"{row['make']} {row['model']}".strip()),
        tag=shown(row["tag"]),
        label=words().register.state(row["state"]),
        place=_place(row, names),
        holder=called(row["holder"], names) if row["holder"] else "",
        due=day(row["due_on"]) if row["due_on"] else "",
        overdue=bool(row["due_on"]) and row["due_on"] < today,
        computer=computer,
    )


def _place(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if row["parent"]:
        return f"in {called(row['parent'], names)}"
    return called(row["room"], names) if row["room"] else ""
