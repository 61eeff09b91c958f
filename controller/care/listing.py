"""Care in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controller.wording.days import day
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import count, words
from inventory.assets.kinds import kind_of
from inventory.care.days import month_end
from inventory.care.queries import Done, Kind, Step, Thing

NAMELESS: Final = "somebody whose name is not kept any more"
RESULTS: Final = {"pass": "passed", "fail": "failed"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing under one kind of care; every string may be shown as it is. `due`: `when` as
    part of a sentence; `tone`: how pressing; `overdue`: its day is over; `state`: where it is
    instead of here, "" for in use."""

    id: str
    seq: int
    kind: str
    care: str
    asset: str
    name: str
    what: str
    tag: str
    holder: str
    state: str
    when: str
    due: str
    tone: str
    overdue: bool
    failed: bool
    last: str
    rests: bool
    theirs: bool


@dataclass(frozen=True, slots=True)
class Room:
    """One room and what is due in it. `kinds`: id, name and number of each care due here."""

    id: str
    name: str
    rows: list[Row]
    kinds: list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class KindSaid:
    """One kind of care."""

    id: str
    site: str
    seq: int
    name: str
    every: int
    unit: str
    often: str
    certificate: bool
    number: int


@dataclass(frozen=True, slots=True)
class DoneSaid:
    """One time that one thing was cared for. `seq`: of its entry; `broken`: marked so already."""

    batch: str
    care: str
    asset: str
    seq: int
    name: str
    tag: str
    on: str
    result: str
    passed: bool
    broken: bool
    who: str
    note: str
    certificate: str
    undone: bool


@dataclass(frozen=True, slots=True)
class StepSaid:
    """What was noted together."""

    batch: str
    care: str
    on: str
    who: str
    number: int
    failed: int
    lacks: bool
    undone: bool


def row(thing: Thing, today: str, names: Mapping[str, str]) -> Row:
    """One thing under care."""
    values = thing.values
    late = thing.due_on < today or thing.last_result == "fail"
    label = words().register.state(values["state"]).label
    return Row(
        id=thing.id,
        seq=thing.seq,
        kind=thing.kind,
        care=shown(thing.kind_name),
        asset=thing.asset,
        name=name_of(values),
        what=kind_of(values["kind"]).title,
        tag=shown(values["tag"]),
        holder=shown(names.get(values["holder"], "")),
        state="" if values["state"] == "in_use" else label,
        when=_when(thing, today),
        due=_when(thing, today) if late else f"due {_when(thing, today)}",
        tone=_tone(thing, today),
        overdue=thing.due_on < today,
        failed=thing.last_result == "fail",
        last=f"{RESULTS[thing.last_result]} {day(thing.last_on)}" if thing.last_on else "",
        rests=thing.rests,
        theirs=thing.theirs,
    )


def rooms(things: Sequence[Thing], rows: Sequence[Row], names: Mapping[str, str]) -> list[Room]:
    """In the order they come: walking order."""
    found: dict[str, Room] = {}
    for thing, one in zip(things, rows, strict=True):
        id_ = thing.values["room"]
        name = shown(names.get(id_, "")) or "In no room"
        found.setdefault(id_, Room(id_ or "none", name, [], [])).rows.append(one)
    for room in found.values():
        named = {(one.kind, one.care): 0 for one in room.rows}
        for one in room.rows:
            named[one.kind, one.care] += 1
        room.kinds.extend((kind, care, number) for (kind, care), number in named.items())
    return list(found.values())


def kind(found: Kind) -> KindSaid:
    """A kind of care."""
    return KindSaid(
        id=found.id,
        site=found.site,
        seq=found.seq,
        name=shown(found.name),
        every=found.every,
        unit=found.unit,
        often=often(found.every, found.unit),
        certificate=found.certificate,
        number=found.number,
    )


def often(every: int, unit: str) -> str:
    """`every 12 months`."""
    if every == 1:
        return f"every {unit[:-1]}"
    return f"every {count(every, unit, unit)}"


def done(found: Done) -> DoneSaid:
    """One time something was done."""
    return DoneSaid(
        batch=found.batch,
        care=shown(found.kind_name),
        asset=found.asset,
        seq=found.values["seq"],
        name=name_of(found.values),
        tag=shown(found.values["tag"]),
        on=day(found.on),
        result=RESULTS.get(found.result, ""),
        passed=found.result == "pass",
        broken=found.values["condition"] == "broken",
        who=shown(found.who) or NAMELESS,
        note=shown(found.note, 500),
        certificate=found.certificate,
        undone=found.undone_at is not None,
    )


def step(found: Step) -> StepSaid:
    """What was noted together."""
    return StepSaid(
        batch=found.batch,
        care=shown(found.kind_name),
        on=day(found.on),
        who=shown(found.who) or NAMELESS,
        number=found.number,
        failed=found.failed,
        lacks=found.lacks,
        undone=found.undone_at is not None,
    )


def _when(thing: Thing, today: str) -> str:
    if thing.last_result == "fail":
        return f"failed {day(thing.last_on)}, to be done again"
    if thing.due_on < today:
        return f"overdue since {day(thing.due_on)}"
    return "today" if thing.due_on == today else day(thing.due_on)


def _tone(thing: Thing, today: str) -> str:
    if thing.due_on < today or thing.last_result == "fail":
        return "bad"
    return "warn" if thing.due_on <= month_end(today) else "grey"
