"""People from a sheet: what would happen, then done, all of it or nothing.

Columns go by their names: name (or first name and surname), kind, reference, class. A row is the
person with its reference; without one, the one person of the same name and kind.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec
from django.db import transaction

from inventory.allocation import people
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.imports.sheets import Row, SheetError, read
from inventory.imports.values import said as unguarded
from inventory.models import Person

LARGEST: Final = 1 << 20
MOST: Final = 2_000
_MOST_TEXT: Final = 200_000
"""Characters of a sheet that a page may send back: Django takes 256 KB of form in all."""
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "full name", "display name", "person"),
    "first": ("first name", "forename", "given name", "legal forename"),
    "last": ("surname", "last name", "family name", "legal surname"),
    "kind": ("kind", "type", "role"),
    "reference": ("reference", "id", "upn", "staff code", "username", "employee id", "adno"),
    "group": ("class", "group", "team", "year", "year group", "reg group", "form", "department"),
}
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "staff": ("staff", "teacher", "ta", "teaching assistant", "employee", "adult"),
    "pupil": ("pupil", "student", "child", "learner"),
    "governor": ("governor", "trustee"),
    "visitor": ("visitor", "supply", "contractor", "volunteer"),
}
_HEADS: Final = ("name", "kind", "reference", "group")


class Planned(msgspec.Struct, frozen=True):
    """One row: its number, what it says, whom it changes ("" = somebody new), and why it cannot be
    taken ("" = it can)."""

    number: int
    values: dict[str, str]
    person: str = ""
    fault: str = ""
    changed: bool = True


class Plan(msgspec.Struct, frozen=True):
    """What would happen."""

    rows: list[Planned]

    @property
    def new(self) -> list[Planned]:
        """Rows that bring somebody new."""
        return [row for row in self.rows if not row.fault and not row.person]

    @property
    def changed(self) -> list[Planned]:
        """Rows that change somebody."""
        return [row for row in self.rows if not row.fault and row.person and row.changed]

    @property
    def same(self) -> int:
        """How many say what is known."""
        return sum(1 for row in self.rows if not row.fault and row.person and not row.changed)

    @property
    def refused(self) -> list[Planned]:
        """Rows that cannot be taken."""
        return [row for row in self.rows if row.fault]


def plan(site_id: str, data: bytes) -> Plan:
    """What a sheet would do; changes nothing. Raises SheetError."""
    if len(data) > LARGEST:
        raise SheetError("The sheet is larger than 1 MB. Split it.")
    sheet = read(data)
    places = _places(sheet.headers)
    if len(sheet.rows) > MOST:
        raise SheetError(f"There are more than {MOST:,} people in this sheet. Split it.")
    if sum(len(cell) for row in sheet.rows for cell in row.cells) > _MOST_TEXT:
        raise SheetError("There is too much text in this sheet. Leave out what is not needed.")
    known = _Known(site_id)
    planned = [_planned(row, places, known) for row in sheet.rows]
    named = Counter(row.person or row.values["reference"] for row in planned if not row.fault)
    return Plan(
        [
            msgspec.structs.replace(row, fault="stands in the sheet twice")
            if not row.fault and named[key := row.person or row.values["reference"]] > 1 and key
            else row
            for row in planned
        ]
    )


def apply(site_id: str, planned: Plan, *, by: By) -> int:
    """Do it, leaving out what cannot be; how many people are new or changed. Raises
    RegisterError, and then nothing is done."""
    done = 0
    with transaction.atomic():
        for row in planned.new:
            people.add_person(site_id, by=by, **row.values)
            done += 1
        for row in planned.changed:
            now = _stands(Person.objects.get(site_id=site_id, id=row.person))
            wanted = {name: value for name, value in row.values.items() if value}
            done += people.change(site_id, row.person, wanted, seen=now, by=by)
    return done


def as_text(planned: Plan) -> str:
    """The rows as a sheet again, so that a page can send back what it showed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADS)
    writer.writerows([row.values.get(name, "") for name in _HEADS] for row in planned.rows)
    return out.getvalue()


class _Known:
    """Who is there."""

    def __init__(self, site_id: str) -> None:
        rows = list(Person.objects.filter(site_id=site_id).exclude(name=""))
        self.by_reference = {row.reference: row for row in rows if row.reference}
        self.by_name: dict[tuple[str, str], list[Person]] = {}
        for row in rows:
            self.by_name.setdefault((row.name.casefold(), row.kind), []).append(row)

    def find(self, values: Mapping[str, str]) -> Person | None:
        """Whom a row means. Raises RegisterError where that is not certain."""
        if values["reference"]:
            return self.by_reference.get(values["reference"])
        same = self.by_name.get((values["name"].casefold(), values["kind"]), [])
        if len(same) > 1:
            raise RegisterError("two", "two people are called that: say the reference")
        return same[0] if same else None


def _places(headers: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, head in enumerate(headers):
        for name, spelt in _COLUMNS.items():
            if head.casefold() in spelt and name not in found:
                found[name] = place
    if "name" not in found and not {"first", "last"} <= found.keys():
        raise SheetError("The first row must name the columns, and one of them must be: name.")
    return found


def _planned(row: Row, places: Mapping[str, int], known: _Known) -> Planned:
    if row.fault:
        return Planned(row.number, {}, fault=row.fault)
    said = {name: _unguarded(row.cells[place]) for name, place in places.items()}
    values = {
        "name": said.get("name") or f"{said.get('first', '')} {said.get('last', '')}".strip(),
        "kind": said.get("kind", ""),
        "reference": said.get("reference", ""),
        "group": said.get("group", ""),
    }
    try:
        kind = _kind(values["kind"])
        clean = people.cleaned({**values, "kind": kind})
        there = known.find(clean)
        if there is not None and not values["kind"].strip():
            clean["kind"] = there.kind
    except RegisterError as error:
        return Planned(row.number, values, fault=error.sentence)
    if there is None:
        return Planned(row.number, clean)
    stands = _stands(there)
    differs = any(value and stands[name] != value for name, value in clean.items())
    return Planned(row.number, clean, person=there.id, changed=differs)


def _kind(said: str) -> str:
    plain = said.strip().casefold()
    if not plain:
        return "staff"
    for kind, spelt in _KINDS.items():
        if plain in spelt:
            return kind
    raise RegisterError("bad_value", f"the kind must be one of: {', '.join(_KINDS)}")


def _stands(row: Person) -> dict[str, str]:
    return {name: getattr(row, name) for name in _HEADS}


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running it."""
    plain = cell.strip()
    bare = unguarded(plain)
    return plain if bare is None else bare
