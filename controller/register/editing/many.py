"""What was chosen to be changed together, and what all of it is to say; read from a form.

Pure but for the rows it is handed. In the form a field that is left empty is left as it is;
emptying it is a tick of its own, so that nothing goes by accident.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from controller.register.editing.inputs import (
    Input,
    Pick,
    Places,
    Section,
    Typed,
    harmless,
    picks_of,
    read,
    sections,
)
from controller.register.editing.moving import EXPLAINED, LONGEST_REASON
from controller.register.said import said, title_of
from controller.wording.entries import name_of
from controller.wording.shown import shown
from controller.wording.words import words
from inventory.assets.fields import DEFAULTS, FIELDS
from inventory.assets.several import SHARED, Left, Plan, Wanted
from inventory.assets.states import GONE, STATES, State

LEFT: Final = "Leave as it is"
NAMED: Final = 20
"""Entries that a preview names of those that cannot be changed."""
KINDS_OF_BEFORE: Final = 6
"""Different values a preview says of one field."""
MAY_BE_EMPTY: Final = frozenset(
    name for name in SHARED if not FIELDS[name].choices or "" in FIELDS[name].choices
)
MOVABLE: Final[tuple[State, ...]] = tuple(state for state in STATES if state not in GONE)


@dataclass(slots=True)
class Asking:
    """What somebody asked for: `wanted` once it can be understood, else `errors` by field."""

    typed: Typed
    emptied: frozenset[str]
    state: State | None = None
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> Wanted:
        """What all of them are to say."""
        values = {n: v for n, v in self.typed.values.items() if n not in self.emptied}
        empty = {name: None if FIELDS[name].kind == "money" else "" for name in self.emptied}
        return Wanted(values | empty, self.state or "")


def asking(post: QueryDict) -> Asking:
    """Read the form."""
    sent = {name: str(post.get(f"set-{name}", "")) for name in SHARED}
    emptied = frozenset(name for name in MAY_BE_EMPTY if post.get(f"empty-{name}") == "1")
    typed = read({name: text for name, text in sent.items() if text.strip()}, _NEITHER)
    found = Asking(typed, emptied, errors=dict(typed.errors))
    for name in emptied & typed.raw.keys():
        found.errors[name] = "Either empty it, or say what it should be: not both."
    state = post.get("set-state", "")
    found.state = next((one for one in MOVABLE if one == state), None)
    found.reason = str(post.get("reason", ""))
    if len(found.reason) > LONGEST_REASON:
        found.errors["reason"] = f"Say it in at most {LONGEST_REASON} characters."
    elif found.state in EXPLAINED and not found.reason.strip():
        found.errors["reason"] = "Say what happened, so that whoever asks later knows."
    if not found.errors and not found.wanted.values and not found.state:
        found.errors["nothing"] = "Say first what all of them should become."
    return found


_NEITHER: Final[Mapping[str, Any]] = dict.fromkeys(FIELDS, "\0")
"""No input says this, so that whatever was typed is taken as typed."""


@dataclass(frozen=True, slots=True)
class Several:
    """One input, with whether its field may be emptied and is to be."""

    input: Input
    may_be_empty: bool
    emptied: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs that belong together."""

    name: str
    title: str
    inputs: list[Several]


def form(asked: Asking | None, places: Places) -> tuple[list[Part], list[Pick]]:
    """The form and the states one may choose; filled with what was asked for."""
    blank = sections(DEFAULTS, places, {})
    parts = [Part(one.name, one.title, _inputs(one, asked, places)) for one in blank]
    chosen = asked.state if asked else None
    states = [Pick("", LEFT, chosen is None)]
    states += [Pick(one, words().register.state(one).label, one == chosen) for one in MOVABLE]
    return [part for part in parts if part.inputs], states


def _inputs(part: Section, asked: Asking | None, places: Places) -> list[Several]:
    found = []
    for one in part.inputs:
        if one.name not in SHARED:
            continue
        name, raw = one.name, asked.typed.raw.get(one.name, "") if asked else ""
        error = asked.errors.get(name, "") if asked else ""
        widget = "text" if one.widget == "date" and error else one.widget
        text = harmless(raw, lines=widget == "lines")
        picks = _picks(name, raw, places) if widget == "pick" else ()
        made = Input(f"set-{name}", one.title, widget, text, error, one.longest, picks)
        emptied = bool(asked and name in asked.emptied)
        found.append(Several(made, name in MAY_BE_EMPTY, emptied))
    return found


def _picks(name: str, raw: str, places: Places) -> list[Pick]:
    known = [pick for pick in picks_of(FIELDS[name], "", places, {}) if pick.value]
    picked = [Pick(pick.value, pick.label, pick.value == raw) for pick in known]
    return [Pick("", LEFT, not any(pick.chosen for pick in picked)), *picked]


@dataclass(frozen=True, slots=True)
class Becoming:
    """One field of a preview: what it becomes, and what it says now of how many."""

    title: str
    after: str
    before: list[tuple[str, int]]
    other: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, in words."""

    number: int
    same: int
    fields: list[Becoming]
    left: list[tuple[str, str, str]]
    left_over: int
    mark: str


_WHY: Final[Mapping[str, str]] = {
    "gone": "counts no more",
    "bad_move": "cannot become that from where it is now",
    "itself": "cannot be kept in itself",
    "leaving": "is on its way out; its disposal moves it",
}


def preview(agreed: Plan, wanted: Wanted, names: Mapping[str, str]) -> Preview:
    """Say a plan in words. `names`: of what the values before and after refer to."""
    after = dict(wanted.values) | ({"state": wanted.state} if wanted.state else {})
    return Preview(
        number=len(agreed.seen),
        same=agreed.same,
        fields=[_becoming(name, value, agreed, names) for name, value in after.items()],
        left=[_left(one) for one in agreed.left[:NAMED]],
        left_over=max(0, len(agreed.left) - NAMED),
        mark=agreed.mark,
    )


def _becoming(name: str, value: Any, agreed: Plan, names: Mapping[str, str]) -> Becoming:
    counted = sorted(agreed.before.get(name, {}).items(), key=lambda pair: -pair[1])
    first, rest = counted[:KINDS_OF_BEFORE], counted[KINDS_OF_BEFORE:]
    before = [(said(name, one, names) or "empty", number) for one, number in first]
    other = sum(number for _, number in rest)
    return Becoming(title_of(name), said(name, value, names) or "empty", before, other)


def _left(one: Left) -> tuple[str, str, str]:
    tag = shown(one.entry["tag"])
    name = name_of(one.entry)
    return one.entry["id"], f"{name} · {tag}" if tag and tag != name else name, _WHY[one.why]


def named_in(agreed: Plan, wanted: Wanted) -> Sequence[str]:
    """Ids a preview says the names of."""
    return [
        str(value)
        for name in ("room", "pool", "parent")
        for value in (wanted.values.get(name), *list(agreed.before.get(name, {}))[:100])
        if value
    ]
