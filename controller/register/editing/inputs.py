"""The fields of an entry as a form: what stands in each input, and what was typed into it.

Pure. Everything follows from `FIELDS`, so that a field that is added there is in every form. Money
is typed in pounds, a day as a day, a reference is picked by name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from controller.register.said import called, title_of
from controller.wording.shown import BLOCK, shown
from controller.wording.words import words
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS, REPORTED, Field, Value, clean
from inventory.assets.kinds import kind_of, kinds
from inventory.imports.values import understood

LONGEST: Final = 20_000
"""Characters of one input that are given back to whoever typed them; no field holds more."""
NOTHING: Final = "Not said"
NAMELESS: Final = "an entry without a name"

Options = Sequence[tuple[str, str]]
Places = Mapping[str, Options]
"""What a reference may be: `room`, `pool` and `parent`, each as ids with names."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice of a select."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form. `widget`: text, date, money, lines or pick; `typed`: somebody entered
    it, so that reports leave it alone; every string may be shown as it is."""

    name: str
    title: str
    widget: str
    value: str
    error: str = ""
    longest: int = 0
    picks: Sequence[Pick] = ()
    typed: bool = False
    released: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Inputs that belong together, as on the entry's page."""

    name: str
    title: str
    inputs: list[Input]


@dataclass(slots=True)
class Typed:
    """What somebody sent: `raw` as they typed it, `values` as the register keeps it, and a
    sentence for each that cannot be."""

    raw: dict[str, str] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read(post: Mapping[str, str], held: Mapping[str, Any], names: Iterable[str] = FIELDS) -> Typed:
    """Understand a form. `held`: the values the form was filled with; an input that still says the
    same is the same, and one that is not there is left alone."""
    found = Typed()
    for name in names:
        if name not in post:
            continue
        raw = post[name].replace("\r\n", "\n")[:LONGEST]
        found.raw[name] = raw
        if raw == text_of(name, held[name]):
            found.values[name] = held[name]
            continue
        try:
            found.values[name] = _value(FIELDS[name], raw)
        except RegisterError as error:
            found.errors[name] = sentence(error)
    return found


def sentence(error: RegisterError) -> str:
    """Why it cannot be, to stand beside its field."""
    said = error.sentence
    if error.field in FIELDS and said.startswith(title := FIELDS[error.field].title):
        rest = said.removeprefix(title)
        said = rest[2:] if rest.startswith(": ") else f"This{rest}"
    return shown(said, BLOCK)


def text_of(name: str, value: Value) -> str:
    """A value as it stands in its input."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}"
    return harmless(value, lines=FIELDS[name].kind == "note")


def harmless(text: str, *, lines: bool = False) -> str:
    """Text for an input: nothing invisible, nothing cut."""
    if lines:
        return "\n".join(shown(line, LONGEST) for line in text.split("\n"))
    return shown(text, LONGEST)


def sections(
    held: Mapping[str, Any],
    places: Places,
    names: Mapping[str, str],
    *,
    typed: Typed | None = None,
    fixed: Collection[str] = (),
    released: Collection[str] = (),
) -> list[Section]:
    """The form, filled with `held` and with what was typed over it. `names`: of the references it
    holds now, which may be of places that are no more."""
    typed = typed or Typed()
    told = words().register.groups
    ordered = sorted(FIELDS.values(), key=lambda field: list(told).index(field.group))
    made = {one.name: _input(one, held[one.name], places, names, typed) for one in ordered}
    for name in REPORTED:
        if name in fixed:
            made[name] = replace(made[name], typed=True, released=name in released)
    return [
        Section(group, told[group], [made[one.name] for one in fields])
        for group, fields in groupby(ordered, key=lambda field: field.group)
    ]


def _input(
    field: Field, value: Any, places: Places, names: Mapping[str, str], typed: Typed
) -> Input:
    name, error = field.name, typed.errors.get(field.name, "")
    raw = typed.raw.get(name)
    if field.kind in ("choice", "ref"):
        picks = picks_of(field, str(value), places, names)
        if raw in [pick.value for pick in picks]:
            picks = [replace(pick, chosen=pick.value == raw) for pick in picks]
        return Input(name, title_of(name), "pick", "", error, picks=picks)
    text = text_of(name, value) if raw is None else harmless(raw, lines=field.kind == "note")
    widget = {"note": "lines", "date": "date", "money": "money"}.get(field.kind, "text")
    # A browser empties a day it does not understand; as text, what was typed stays.
    widget = "text" if widget == "date" and error else widget
    return Input(name, title_of(name), widget, text, error, field.longest)


def picks_of(
    field: Field, chosen: str, places: Places, names: Mapping[str, str], empty: str = NOTHING
) -> list[Pick]:
    """What a select offers. `empty`: what it says for nothing."""
    if field.name == "kind":
        options = [(name, kind.title) for name, kind in kinds().items()]
    elif field.kind == "ref":
        options = [
            ("", empty),
            *((id_, shown(name) or NAMELESS) for id_, name in places[field.name]),
        ]
    else:
        known = words().register.choices.get(field.name, {})
        options = [(one, known.get(one, one) if one else empty) for one in field.choices]
    if chosen not in dict(options):
        there = kind_of(chosen).title if field.name == "kind" else called(chosen, names)
        options.append((chosen, f"{there} (as it is now)"))
    return [Pick(value, label, value == chosen) for value, label in options]


def _value(field: Field, raw: str) -> Value:
    """Days and money are understood as in a sheet; text stands as it was typed, so that a thing may
    be called “None”."""
    if field.kind in ("date", "money"):
        return understood(field.name, raw)
    return clean(field.name, raw)
