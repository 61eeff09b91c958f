"""Rooms, sets and trolleys in words: the list of them, and one with what is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.register.said import called
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory.assets.kinds import kind_of
from inventory.naming import room_name
from inventory.places.queries import Place
from inventory.trolleys.counting import Counted

CALLED: Final = {"room": "room", "pool": "set", "trolley": "trolley"}


@dataclass(frozen=True, slots=True)
class Row:
    """One place; every string may be shown as it is."""

    id: str
    kind: str
    called: str
    name: str
    title: str
    number: int
    seen: str
    building: str
    order: int
    profile: str
    room: str
    in_room: str
    tag: str
    holder: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One entry that is there."""

    id: str
    name: str
    kind: str
    tag: str
    label: Label
    inside: str
    holder: str


@dataclass(frozen=True, slots=True)
class Places:
    """The page of all places."""

    rooms: list[Row]
    pools: list[Row]
    trolleys: list[Row]


@dataclass(frozen=True, slots=True)
class LastCount:
    """How a trolley was counted last; `missing` and `strays`: (entry, name, who has it)."""

    at: int
    back: int
    expected: int
    who: str
    missing: list[tuple[str, str, str]]
    strays: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Inside:
    """The page of one place. `others`: where its things may go, in groups of (id, name)."""

    place: Row
    site: str
    things: list[Thing]
    previous: str
    next: str
    sorts: list[str]
    rooms: list[tuple[str, str]]
    others: list[tuple[str, str]]
    counted: LastCount | None
    people: list[str]


def row(place: Place, names: Mapping[str, str]) -> Row:
    """One place in words."""
    return Row(
        id=place.id,
        kind=place.kind,
        called=CALLED[place.kind],
        name=shown(place.name),
        title=shown(room_name(place.building, place.name), 170) or "A trolley without a name",
        number=place.number,
        seen=place.seen,
        building=shown(place.building),
        order=place.order,
        profile=place.profile,
        room=place.room,
        in_room=called(place.room, names) if place.room else "",
        tag=shown(place.tag),
        holder=called(place.holder, names) if place.holder else "",
    )


def thing(values: Mapping[str, Any], place: Place, names: Mapping[str, str]) -> Thing:
    """One entry of a place in words."""
    inside = values["parent"] if values["parent"] != place.id else ""
    return Thing(
        id=values["id"],
        name=name_of(values),
        kind=kind_of(values["kind"]).title,
        tag=shown(values["tag"]),
        label=words().register.state(values["state"]),
        inside=called(inside, names) if inside else "",
        holder=called(values["holder"], names) if values["holder"] else "",
    )


def last_count(
    counted: Counted, who: str, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> LastCount:
    """A count in words. `rows`: the entries that were missing or strange."""
    told = {
        values["id"]: (
            values["id"],
            f"{name_of(values)} {shown(values['tag'])}".strip(),
            called(values["holder"], names) if values["holder"] else "",
        )
        for values in rows
    }
    return LastCount(
        counted.at,
        counted.back,
        counted.expected,
        who,
        [told[one] for one in counted.missing if one in told],
        [told[one] for one in counted.strays if one in told],
    )


def sorts(counted: Mapping[str, int]) -> list[str]:
    """`16 × Laptop`, most first."""
    return [f"{number:,} × {kind_of(kind).title}" for kind, number in counted.items()]


def named_in(places: Sequence[Place], rows: Sequence[Mapping[str, Any]] = ()) -> set[str]:
    """Ids a page says the names of."""
    found = {one for place in places for one in (place.room, place.holder)}
    return found | {one for values in rows for one in (values["parent"], values["holder"])}
