"""What the pages of collections show; every string may be shown as it is."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from controller.contractors.listing import Can
from controller.wording.days import day
from controller.wording.shown import shown
from controller.wording.words import Label, count, words
from inventory.assets.kinds import kind_of
from inventory.collections import codes
from inventory.collections.candidates import Candidate
from inventory.collections.queries import Whole
from inventory.contractors.kinds import known

SERIALS: Final = 12
"""Of drives that a line spells out; more are counted."""
_TYPED: Final = ("place", "seals", "note_number", "tracking", "driver", "vehicle")
"""What somebody typed about a collection, as it stands on its page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One collection in the list; `when` says how far off it is, `late` that it is over."""

    id: str
    firm: str
    handover: str
    day: str
    when: str
    late: bool
    place: str
    n: int
    state: Label


@dataclass(frozen=True, slots=True)
class Drive:
    """One drive that goes along."""

    serial: str
    state: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One thing on the list. `seen`: the number of its disposal's last event."""

    id: str
    disposal: str
    asset: str
    seen: int
    name: str
    kind: str
    tag: str
    serial: str
    drives: list[Drive]
    more: int
    code: str
    code_theirs: str
    hazardous: bool
    battery: str
    battery_said: str
    seal: str
    went: bool | None


@dataclass(frozen=True, slots=True)
class Page:
    """One collection."""

    id: str
    seq: int
    site: str
    firm: str
    firm_id: str
    firm_address: str
    handover: str
    handover_said: str
    day: str
    day_iso: str
    when: str
    place: str
    seals: str
    note_kind: str
    note_said: str
    note_number: str
    tracking: str
    driver: str
    vehicle: str
    driver_checked: bool
    codes_confirmed: bool
    signature: str
    state: Label
    booked: bool
    collected: bool
    booked_at: int
    booked_by: str
    ended_at: int | None
    ended_by: str
    lines: list[LineRow]
    left: list[LineRow]
    can: Can | None
    papers: list[str]
    hazardous: int
    damaged: int
    without_code: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A disposal that may be put on the list, or why not."""

    id: str
    asset: str
    name: str
    kind: str
    tag: str
    serial: str
    drives: list[Drive]
    more: int
    why: str
    chosen: bool


def row(told: Mapping[str, Any], today: str) -> Row:
    """A collection in the list."""
    return Row(
        id=told["id"],
        firm=shown(told["contractor__name"], 120),
        handover=_kind(told["handover"]),
        day=day(told["day"]),
        when=when(told["day"], today) if told["state"] == "booked" else "",
        late=told["state"] == "booked" and told["day"] < today,
        place=shown(told["place"], 120),
        n=told["n"],
        state=state_of(told["state"]),
    )


def page(found: Whole, can: Can | None, today: str, people: Mapping[str, str]) -> Page:
    """A collection's own page."""
    told, lines = found.values, [line(one, found.seen) for one in found.lines]
    typed: dict[str, Any] = {name: shown(told[name], 500) for name in _TYPED}
    numbers: dict[str, Any] = {**_counts(lines)}
    booked = told["state"] == "booked"
    ended = "cancelled" if told["state"] == "cancelled" else "collected"
    return Page(
        id=told["id"],
        seq=told["seq"],
        site=told["site_id"],
        **typed,
        firm=shown(told["contractor__name"], 120),
        firm_id=told["contractor_id"],
        firm_address=shown(told["contractor__address"], 300),
        handover=told["handover"],
        handover_said=_kind(told["handover"]),
        day=day(told["day"]),
        day_iso=told["day"],
        when=when(told["day"], today) if booked else "",
        note_kind=told["note_kind"],
        note_said=words().collections.notes[told["note_kind"]],
        driver_checked=told["driver_checked"],
        codes_confirmed=told["codes_confirmed"],
        signature=told["signature"],
        state=state_of(told["state"]),
        booked=booked,
        collected=told["collected_at"] is not None,
        booked_at=told["booked_at"],
        booked_by=shown(people.get(told["booked_by"], "")),
        ended_at=told[f"{ended}_at"],
        ended_by=shown(people.get(told[f"{ended}_by"], "")),
        lines=lines,
        left=[line(one, found.seen) for one in found.left],
        can=can,
        papers=_papers(told["standing"]),
        **numbers,
    )


def _counts(lines: list[LineRow]) -> dict[str, int]:
    """Things on the list that need care."""
    return {
        "hazardous": sum(one.hazardous for one in lines),
        "damaged": sum(one.battery == "damaged" for one in lines),
        "without_code": sum(not one.code for one in lines),
    }


def line(told: Mapping[str, Any], seen: Mapping[str, int]) -> LineRow:
    """One thing on the list."""
    drives, more = _drives(told["media"])
    return LineRow(
        id=told["id"],
        disposal=told["disposal"],
        asset=told["asset_id"],
        seen=seen.get(told["disposal"], 0),
        name=shown(told["name"], 120),
        kind=kind_of(told["asset__kind"]).title,
        tag=shown(told["tag"]),
        serial=shown(told["serial"]),
        drives=drives,
        more=more,
        code=told["code"],
        code_theirs=told["code_theirs"],
        hazardous=codes.hazardous(told["code"]),
        battery=told["battery"],
        battery_said=words().collections.batteries[told["battery"]],
        seal=shown(told["seal"]),
        went=told["went"],
    )


def choice(one: Candidate, collection: str, chosen: frozenset[str]) -> Choice:
    """A disposal to choose from."""
    drives, more = _drives(one.media)
    elsewhere = one.taken not in ("", collection)
    return Choice(
        id=one.disposal,
        asset=one.asset,
        name=shown(one.name, 120),
        kind=kind_of(one.kind).title,
        tag=shown(one.tag),
        serial=shown(one.serial),
        drives=drives,
        more=more,
        why="It is on the list of another collection." if elsewhere else one.why,
        chosen=one.disposal in chosen,
    )


def waste_codes() -> list[tuple[str, str]]:
    """Codes to choose from, each with what it is for."""
    found: dict[str, list[str]] = {}
    for one in codes.wastes().values():
        for code in dict.fromkeys((one.business, one.household)):
            if code:
                found.setdefault(code, []).append(one.label)
    return [(code, labels[0]) for code, labels in sorted(found.items())]


def when(on: str, today: str) -> str:
    """`today`, `tomorrow`, `in 5 days`, `3 days ago`."""
    left = (datetime.date.fromisoformat(on) - datetime.date.fromisoformat(today)).days
    if left in (0, 1):
        return "tomorrow" if left else "today"
    if left < 0:
        return f"{count(-left, 'day', 'days')} ago"
    return f"in {left} days"


def state_of(state: str) -> Label:
    """The words of a state; those that come after the collection itself are its own."""
    states = words().collections.states
    return states.get(state, states["collected"])


def _kind(handover: str) -> str:
    found = known().handovers.get(handover)
    return found.label if found else ""


def _drives(media: Sequence[Mapping[str, str]]) -> tuple[list[Drive], int]:
    said = words().collections.drives
    found = [
        Drive(shown(one.get("raw") or one["serial"]), said.get(one["state"], ""))
        for one in media[:SERIALS]
    ]
    return found, max(0, len(media) - SERIALS)


def _papers(standing: Mapping[str, Any]) -> list[str]:
    """The papers as they stood on the day of the collection."""
    found = []
    for one in standing.get("papers", ()):
        last = day(one["valid_to"]) if one["valid_to"] else "no last day"
        number = f" {shown(one['number'])}," if one["number"] else ""
        label = known().kinds[one["kind"]].label if one["kind"] in known().kinds else ""
        found.append(f"{label}:{number} {day(one['valid_from'])} to {last}")
    return found
