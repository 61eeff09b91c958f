"""Counts as pages show them: every string may be shown as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.fleet.listing import Row as Computer
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.assets.kinds import kind_of
from inventory.stocktake.queries import Counted, Room, Take, Thing


@dataclass(frozen=True, slots=True)
class ThingRow:
    """One thing. `place`: where it belongs or was seen; `inside`/`inside_seen`: what it holds, None
    for what holds nothing; `network`: its computer was heard from lately, which is not found."""

    id: str
    is_: str
    title: str
    tag: str
    kind: str
    serial: str
    place: str
    holder: str
    state: str
    who: str
    at: int | None
    by_itself: bool
    trolley: str
    trolley_name: str
    inside: int | None
    inside_seen: int
    opened: bool
    lives: bool
    network: bool


@dataclass(frozen=True, slots=True)
class StrangeRow:
    """Something the register does not know."""

    text: str
    who: str
    at: int


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the list of a count."""

    id: str
    name: str
    state: str
    numbers: Counted
    who: str
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class RoomPage:
    """The page of one room."""

    id: str
    site: str
    take: str
    take_name: str
    name: str
    state: str
    open: bool
    is_room: bool
    closed_at: int | None
    numbers: Counted
    missing: list[ThingRow]
    moved: list[ThingRow]
    elsewhere: list[ThingRow]
    found: list[ThingRow]
    strange: list[StrangeRow]
    more: int
    who: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a result."""

    id: str
    title: str
    tag: str
    serial: str
    kind: str
    place: str
    lives: bool
    room: str


@dataclass(frozen=True, slots=True)
class TakePage:
    """The page of one count; its result once it is finished."""

    id: str
    site: str
    name: str
    state: str
    begun_at: int
    begun_by: str
    finished_at: int | None
    finished_by: str
    signed_at: int | None
    signed_by: str
    signed_name: str
    digest: str
    moved_step: str
    rooms: list[RoomRow]
    who: str
    expected: int
    found: int
    moved_n: int
    missing_n: int
    strange_n: int
    uncounted: int
    missing: list[Line]
    moved: list[Line]
    strange: list[tuple[str, str]]
    as_signed: bool
    why_not: str = ""


def listed(take: Take, people: Mapping[str, str]) -> TakePage:
    """A count, with the sums of its rooms."""
    done = [room for room in take.rooms if room.state != "waiting"]
    return TakePage(
        id=take.id,
        site=take.site,
        name=shown(take.name),
        state=take.state,
        begun_at=take.begun_at,
        begun_by=name_of(take.begun_by, people),
        finished_at=take.finished_at,
        finished_by=name_of(take.finished_by, people),
        signed_at=take.signed_at,
        signed_by=name_of(take.signed_by, people),
        signed_name=shown(take.signed_name, 120),
        digest=take.digest.removeprefix("sha256:"),
        moved_step=take.batch,
        rooms=[_room_row(room, people) for room in take.rooms],
        who=named(take.counters, people),
        expected=sum(room.expected for room in done),
        found=sum(room.found for room in done),
        moved_n=sum(room.moved for room in done),
        missing_n=sum(room.missing for room in done),
        strange_n=sum(room.strange for room in done),
        uncounted=len(take.rooms) - len(done),
        missing=_lines(take, "missing"),
        moved=_lines(take, "moved"),
        strange=[
            (shown(one["text"], 60), shown(result["name"]))
            for result in take.result.values()
            for one in result.get("strange", [])
        ],
        as_signed=take.as_signed,
    )


def room_page(room: Room, people: Mapping[str, str], live: Mapping[str, Computer]) -> RoomPage:
    """One room."""
    rows = [thing_row(thing, people, live.get(thing.asset)) for thing in room.things]
    by = {name: [row for row in rows if row.is_ == name] for name in _PARTS}
    return RoomPage(
        id=room.id,
        site=room.site,
        take=room.take,
        take_name=shown(room.take_name),
        name=shown(room.name),
        state=room.state,
        open=room.take_state == "open",
        is_room=room.is_room,
        closed_at=room.closed_at,
        numbers=room.counted,
        strange=[
            StrangeRow(shown(one.text, 128), name_of(one.by, people), one.at)
            for one in room.strange
        ],
        more=room.more,
        who=named(room.counted.counters, people),
        **by,
    )


_PARTS: Final = ("missing", "moved", "elsewhere", "found")


def thing_row(thing: Thing, people: Mapping[str, str], computer: Computer | None) -> ThingRow:
    """One thing in words."""
    every, seen = thing.inside or (0, 0)
    kind = kind_of(thing.kind).title
    there = thing.state in ("in_use", "stored")
    return ThingRow(
        id=thing.asset,
        is_=thing.is_,
        title=_title(thing.name, thing.tag, kind),
        tag=shown(thing.tag),
        kind=kind,
        serial=shown(thing.serial),
        place=shown(thing.seen_in if thing.is_ == "elsewhere" else thing.place),
        holder=shown(thing.holder),
        state="" if there else words().register.state(thing.state).label,
        who=name_of(thing.by, people),
        at=thing.at,
        by_itself=thing.by_itself,
        trolley=thing.trolley,
        trolley_name=shown(thing.trolley_name),
        inside=every if thing.inside is not None else None,
        inside_seen=seen,
        opened=thing.opened,
        lives=thing.lives,
        network=computer is not None and not computer.silent,
    )


def name_of(actor: str, people: Mapping[str, str]) -> str:
    """Who, "" for nobody."""
    if not actor.startswith("user_"):
        return words().register.sources["system"] if actor else ""
    return shown(people.get(actor, words().register.sources["gone"]))


def named(actors: Sequence[str], people: Mapping[str, str]) -> str:
    """`Ann Peel, Tariq Aziz and Helen Marsh`."""
    told = [name_of(actor, people) for actor in actors]
    return " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def _title(name: str, tag: str, kind: str) -> str:
    called = shown(name) or kind
    return f"{called}, {shown(tag)}" if tag and tag != name else called


def _room_row(room: Counted, people: Mapping[str, str]) -> RoomRow:
    who = named(room.counters, people)
    return RoomRow(room.id, shown(room.name), room.state, room, who, room.closed_at)


def _lines(take: Take, is_: str) -> list[Line]:
    return [
        _line(line, shown(result["name"]))
        for result in take.result.values()
        for line in result.get("lines", [])
        if line["is"] == is_
    ]


def _line(line: Mapping[str, Any], room: str) -> Line:
    kind = kind_of(line["kind"]).title
    return Line(
        id=line["asset"],
        title=shown(line["name"]) or kind,
        tag=shown(line["tag"]),
        serial=shown(line["serial"]),
        kind=kind,
        place=shown(line["place"]),
        lives=line["lives"],
        room=room,
    )
