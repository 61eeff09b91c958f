"""The register as a sheet that can be imported again without a difference.

No cell runs in a spreadsheet: what begins like a formula gets an apostrophe before it, which the
import takes off again.
"""

import csv
import io
from collections.abc import Collection, Iterator
from typing import Final

from inventory.assets.fields import FIELDS, Value
from inventory.assets.queries import Asked, chosen
from inventory.assets.writing import value_of
from inventory.imports.values import guarded
from inventory.models import Pool, Room

_LEFT_OUT: Final = frozenset({"parent", "uuid"})
"""What a sheet of people's has no column for."""
COLUMNS: Final = tuple(name for name in FIELDS if name not in _LEFT_OUT)


def sheet(sites: Collection[str], asked: Asked | None = None, today: str = "") -> Iterator[str]:
    """Lines of CSV: the names of the columns, then every entry that is not gone, by tag; or those
    that a search finds. `today`: the school's day, `YYYY-MM-DD`."""
    rooms = dict(Room.objects.filter(site__in=sites).values_list("id", "name"))
    pools = dict(Pool.objects.filter(site__in=sites).values_list("id", "name"))
    yield _line([*(FIELDS[name].title for name in COLUMNS), "State"])
    rows = chosen(sites, asked or Asked(), today).order_by("tag", "id")
    for row in rows.iterator(chunk_size=1_000):
        values = {name: value_of(row, name) for name in COLUMNS}
        values["room"] = rooms.get(values["room"], "")
        values["pool"] = pools.get(values["pool"], "")
        yield _line([*(cell(name, value) for name, value in values.items()), row.state])


def cell(name: str, value: Value) -> str:
    """A field as a sheet has it, so that no spreadsheet runs it and the import gives it back."""
    if value is None:
        return ""
    if FIELDS[name].kind == "money" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02}"
    return guarded(str(value))


def _line(cells: Collection[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
