"""What the columns of a waiting sheet mean, as a form says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from controller.wording.shown import shown
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS
from inventory.imports.columns import PASSED_OVER, STATE, TARGETS, guess
from inventory.imports.planning import KEYS, Key
from inventory.imports.sheets import Sheet
from inventory.managed import adapters as managed

OWN: Final = "sheet"
_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Said:
    """The form. `columns`: of the school's own sheet, field by column number; of a management's
    list, column number by what it says."""

    source: str
    key: Key = "tag"
    columns: Mapping[int, str] = field(default_factory=dict)
    facts: Mapping[str, int] = field(default_factory=dict)
    part: bool = False
    add: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column for the page: its name, what stands in it, and what it is taken as."""

    number: int
    name: str
    examples: list[str]
    taken: str


def sources() -> list[tuple[str, str]]:
    """Whose sheet it may be, to pick from."""
    known = [(name, f"A list of {one.title}") for name, one in managed.adapters().items()]
    return [(OWN, "The school’s own sheet"), *known]


def targets() -> list[tuple[str, str]]:
    """What a column of the school's own sheet may be."""
    titled = [(name, FIELDS[name].title) for name in TARGETS if name in FIELDS]
    return [(PASSED_OVER, "Not taken"), *titled, (STATE, "State")]


def keys() -> list[tuple[str, str]]:
    """What an entry may be known again by."""
    return [(name, FIELDS[name].title) for name in KEYS]


def first(sheet: Sheet) -> Said:
    """The guess with which a page begins."""
    source = managed.recognised(sheet.headers) or OWN
    columns = guess(sheet.headers)
    known: Key = next((one for one in KEYS if one in columns.values()), KEYS[0])
    return Said(source, known, columns, _guessed(source, sheet))


def read(form: Mapping[str, str], sheet: Sheet) -> Said:
    """As a form has it; where another source was picked, its own guess. Raises RegisterError for
    what no page offers, and for a field given twice."""
    source = form.get("source", OWN)
    if source not in dict(sources()):
        raise RegisterError("no_source", "Choose whose sheet it is.", "source")
    if source != form.get("was"):
        before = first(sheet)
        return Said(source, before.key, before.columns, _guessed(source, sheet))
    key: Key = next((one for one in KEYS if one == form.get("key")), KEYS[0])
    return Said(
        source=source,
        key=key,
        columns=_columns(form, sheet) if source == OWN else {},
        facts=_facts(form, sheet) if source != OWN else {},
        part="part" in form,
        add="add" in form,
        whole="whole" in form,
    )


def columns(sheet: Sheet, said: Said) -> list[Column]:
    """Those of the school's own sheet."""
    return [
        Column(number, _name(header, number), _in(sheet, number), said.columns.get(number, "-"))
        for number, header in enumerate(sheet.headers)
    ]


def facts(sheet: Sheet, said: Said) -> list[Column]:
    """What a list says, with the column that says it (`taken`, "" for none)."""
    return [
        Column(
            number=-1,
            name=name,
            examples=_in(sheet, said.facts[field]) if field in said.facts else [],
            taken=str(said.facts.get(field, "")),
        )
        for field, name in managed.FIELDS.items()
    ]


def headers(sheet: Sheet) -> list[tuple[str, str]]:
    """Columns to pick from."""
    named = [(str(n), _name(header, n)) for n, header in enumerate(sheet.headers)]
    return [("", "The list does not say"), *named]


def _guessed(source: str, sheet: Sheet) -> dict[str, int]:
    known = managed.adapters().get(source)
    return managed.guess(known, sheet.headers) if known else {}


def _columns(form: Mapping[str, str], sheet: Sheet) -> dict[int, str]:
    found: dict[int, str] = {}
    for number in range(len(sheet.headers)):
        name = form.get(f"c{number}", PASSED_OVER)
        if name == PASSED_OVER:
            continue
        if name not in TARGETS:
            raise RegisterError("no_field", "Choose what the column means.", f"c{number}")
        if name in found.values():
            title = dict(targets())[name]
            raise RegisterError("twice", f"Two columns are the {title.lower()}: take one of them.")
        found[number] = name
    return found


def _facts(form: Mapping[str, str], sheet: Sheet) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, name in enumerate(managed.FIELDS):
        said = form.get(f"f{at}", "")
        if not said:
            continue
        if not (said.isascii() and said.isdecimal() and int(said[:4]) < len(sheet.headers)):
            raise RegisterError("no_column", "Choose a column of the list.", f"f{at}")
        found[name] = int(said[:4])
    return found


def _name(header: str, number: int) -> str:
    return shown(header, 60) or f"Column {number + 1}"


def _in(sheet: Sheet, number: int) -> list[str]:
    """The first few cells that say something."""
    found: list[str] = []
    for row in sheet.rows[:200]:
        if len(found) == _EXAMPLES:
            break
        cell = row.cells[number].strip() if number < len(row.cells) else ""
        if cell and (text := shown(cell, 40)) not in found:
            found.append(text)
    return found
