"""One entry of the register: what is known of it, and everything that happened to it, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from controller.fleet.listing import Row as Computer
from controller.papers.listing import Papers
from controller.register.said import REFERENCES, said, title_of
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import Label, words
from inventory.assets.fields import FIELDS, REPORTED, Field
from inventory.assets.kinds import kind_of
from inventory.assets.queries import Past

MOST_PAST: Final = 100
"""Events one page shows; a sheet with all of them is an export's."""
_HELD: Final = "fixed_by_person"
_PAPERS: Final = "papers"
_PROGRAM: Final = "key_"
"""How the id of a program's token begins."""


Link = tuple[str, str]
"""The address name of a page, and the id it is of."""
_PAGES: Final = {
    "pers": "register_person",
    "room": "place",
    "pool": "place",
    "asset": "register_entry",
}
"""Which page an id has one of, by how it begins."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field. `typed`: a person or a sheet gave it, so a report leaves it alone; `link`: the
    page of what it names."""

    title: str
    text: str
    mono: bool = False
    typed: bool = False
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Changed:
    """One field before and after, "" where nothing stood."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event."""

    at: int
    what: str
    who: str
    changes: list[Changed]
    batch: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The page of one entry; every string may be shown as it is."""

    id: str
    site: str
    name: str
    kind: str
    tag: str
    state: str
    label: Label
    merged_into: str
    holder: str
    holder_link: Link | None
    due: str
    overdue: bool
    place: str
    place_link: Link | None
    groups: list[Group]
    missing: list[str]
    past: list[Happened]
    earlier: int
    computer: Computer | None
    papers: Papers
    counted: tuple[int, str] | None
    """When and by whom it was last seen in a count."""
    anew_at: int | None
    """When the computer that reports as it was set up anew: what came before counts no more."""


def named_in(values: Mapping[str, Any], past: Sequence[Past]) -> set[str]:
    """Ids the page says the names of."""
    sides = [values]
    for event in past[:MOST_PAST]:
        sides += [event.before, event.after]
    return {side[name] for side in sides for name in REFERENCES & side.keys() if side[name]}


def papers_in(past: Sequence[Past]) -> set[str]:
    """Ids of the papers its history says the names of."""
    sides = [side for event in past[:MOST_PAST] for side in (event.before, event.after)]
    return {one for side in sides for one in side.get(_PAPERS, ())}


def entry(
    values: Mapping[str, Any],
    past: Sequence[Past],
    *,
    today: str,
    names: Mapping[str, str],
    people: Mapping[str, str],
    live: Computer | None,
    papers: Papers,
    counted: tuple[int, str] | None = None,
    anew: Mapping[str, Any] | None = None,
) -> Entry:
    """Put the page together. `past` is newest first; `people`: accounts by id; `today`: the
    school's; `anew`: when it last came back set up anew, and as which computer."""
    shown_past = past[:MOST_PAST]
    return Entry(
        id=values["id"],
        site=values["site"],
        name=name_of(values),
        kind=kind_of(values["kind"]).title,
        tag=shown(values["tag"]),
        state=values["state"],
        label=words().register.state(values["state"]),
        merged_into=values["merged_into"],
        holder=said("holder", values["holder"], names),
        holder_link=_link(values["holder"], names),
        due=said("due_on", values["due_on"], names),
        overdue=bool(values["due_on"]) and values["due_on"] < today,
        place=said("parent", values["parent"], names) or said("room", values["room"], names),
        place_link=_link(values["parent"], names) or _link(values["room"], names),
        groups=_groups(values, names),
        missing=[title_of(n) for n in FIELDS if n in _WANTED and not values[n]],
        past=[_happened(event, names, people) for event in shown_past],
        earlier=len(past) - len(shown_past),
        counted=(counted[0], _named(counted[1], people)) if counted else None,
        computer=live,
        anew_at=anew["back_at"] if anew and live and anew["device"] == live.id else None,
        papers=papers,
    )


_WANTED: Final = frozenset({"tag", "serial", "room", "bought_on", "cost_pence", "warranty_until"})
"""What a school is asked for when something is stolen or an auditor comes: named while missing."""
_MONO: Final = frozenset({"serial", "uuid", "imei", "security_mark"})


def _groups(values: Mapping[str, Any], names: Mapping[str, str]) -> list[Group]:
    told = words().register.groups
    ordered = sorted(FIELDS.values(), key=lambda field: list(told).index(field.group))
    groups = [
        Group(told[group], [line for field in fields if (line := _line(field, values, names))])
        for group, fields in groupby(ordered, key=lambda field: field.group)
    ]
    return [group for group in groups if group.lines]


def _line(field: Field, values: Mapping[str, Any], names: Mapping[str, str]) -> Line | None:
    value, name = values[field.name], field.name
    text = said(name, value, names)
    if field.kind == "note":
        text = "\n".join(shown(line, field.longest) for line in value.split("\n"))
    if not text:
        return None
    return Line(
        title_of(name),
        text,
        mono=name in _MONO,
        typed=name in REPORTED and name in values[_HELD],
        link=_link(value, names) if name in REFERENCES else None,
    )


def _link(value: str, names: Mapping[str, str]) -> Link | None:
    """Where what an id names has a page; None for nothing, and for what has no name any more."""
    page = _PAGES.get(value.partition("_")[0]) if names.get(value) else None
    return (page, value) if page else None


def _happened(event: Past, names: Mapping[str, str], people: Mapping[str, str]) -> Happened:
    known = words().register
    return Happened(
        at=event.at,
        what=known.verbs.get(event.verb, known.verbs["other"]),
        who=who(event, people),
        changes=changes(event.before, event.after, names),
        batch=event.batch,
    )


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> list[Changed]:
    """What is another than before, in words."""
    found = [
        Changed(title_of(name), was, now)
        for name in [*FIELDS, *(n for n in after if n not in FIELDS)]
        if name in after and name not in (_HELD, _PAPERS)
        if (was := said(name, before.get(name), names)) != (now := said(name, after[name], names))
    ]
    return [*found, _papers(before, after, names)] if _PAPERS in after else found


def _papers(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]
) -> Changed:
    """Which came and which were taken off; those that stayed are not said again."""
    had, has = before.get(_PAPERS, []), after[_PAPERS]
    gone = [shown(names.get(one, "")) for one in had if one not in has]
    new = [shown(names.get(one, "")) for one in has if one not in had]
    return Changed(title_of(_PAPERS), ", ".join(gone), ", ".join(new))


def who(event: Past, people: Mapping[str, str]) -> str:
    """Who, or what, an event is of. `people`: accounts by id."""
    known = words().register.sources
    if event.source == "report":
        return known["report"]
    name = _named(event.actor, people)
    from_sheet = event.source == "import" and not event.actor.startswith(_PROGRAM)
    return f"{name}, {known['import']}" if from_sheet else name


def _named(actor: str, people: Mapping[str, str]) -> str:
    return shown(people.get(actor, "")) or _unnamed(actor)


def _unnamed(actor: str) -> str:
    known = words().register.sources
    return known["gone"] if actor.startswith("user_") else known["system"]
