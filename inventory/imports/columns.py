"""Which column of a sheet means which field: a first guess, which a person then corrects."""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS

_FILE: Final = Path(__file__).with_name("columns.toml")
STATE: Final = "state"
PASSED_OVER: Final = "-"
_ENTRIES: Final = frozenset({"parent"})
"""Fields that hold another entry's id, which no sheet knows."""
TARGETS: Final = (*(name for name in FIELDS if name not in _ENTRIES), STATE, PASSED_OVER)
"""What a column may be given to."""


@functools.cache
def names() -> dict[str, str]:
    """Field by the name of a column."""
    table: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    own = {plain(field.title): name for name, field in FIELDS.items() if name in TARGETS}
    return own | {name: field for field, known in table.items() for name in known}


def plain(header: str) -> str:
    """A column's name without what differs between sheets: case, punctuation, units."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", header.casefold()).split())


def guess(headers: Sequence[str]) -> dict[int, str]:
    """Field by column number, 0 the first; a field is given to the first column that means it."""
    found: dict[int, str] = {}
    for number, header in enumerate(headers):
        field = names().get(plain(header)) or (plain(header) if plain(header) in TARGETS else None)
        if field == PASSED_OVER or (field is not None and field not in found.values()):
            found[number] = field
    return found


def mapping(headers: Sequence[str], chosen: Mapping[str, str]) -> dict[int, str]:
    """The guess with what a person chose: column name → field, "-" to pass a column over. Raises
    RegisterError for a column or a field there is not, and for a field given twice."""
    found = guess(headers)
    for header, field in chosen.items():
        if field not in TARGETS:
            raise RegisterError("no_field", f"There is no field called {field[:40]}.", field)
        numbers = [n for n, one in enumerate(headers) if plain(one) == plain(header)]
        if not numbers:
            raise RegisterError("no_column", f"There is no column called {header[:40]}.")
        found = {n: f for n, f in found.items() if f != field or f == PASSED_OVER}
        found[numbers[0]] = field
    return found
