"""One row of a management's sheet as what it says of one thing. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar

import msgspec

from checks.records.tablets.facts import NOT_TOLD, Family, TabletFacts
from checks.unseen import Maybe, Unseen
from inventory.imports.sheets import Row
from inventory.managed import cells
from inventory.managed.adapters import FIELDS, Adapter

T = TypeVar("T")

APPLE: Final = ("ipados", "ios")
REACHED_SECONDS: Final = 14 * 86_400
"""Contact within this long before the sheet: it can be locked and found from afar."""
_AHEAD_SECONDS: Final = 86_400
"""A clock may be wrong by this much; a contact later than that is none."""
_KIND_OF: Final[Mapping[str, str]] = {
    "ipad": "tablet",
    "iphone": "phone",
    "ipod": "phone",
    "chromebook": "chromebook",
    "galaxy tab": "tablet",
    "tablet": "tablet",
    "macbook": "laptop",
    "imac": "computer",
    "mac mini": "computer",
    "laptop": "laptop",
    "notebook": "laptop",
    "thinkpad": "laptop",
    "latitude": "laptop",
    "probook": "laptop",
    "elitebook": "laptop",
    "surface laptop": "laptop",
    "optiplex": "computer",
    "thinkcentre": "computer",
    "prodesk": "computer",
}
"""By a word in the model."""


class Listed(msgspec.Struct, frozen=True):
    """What a row says. Texts are as the sheet has them; `lost`: it is in lost mode now; `unclear`:
    columns whose cell is not what it should be, with the cell."""

    number: int
    serial: str
    make: str
    model: str
    name: str
    kind: str
    facts: TabletFacts
    lost: bool | None
    unclear: list[tuple[str, str]]


def listed(row: Row, adapter: Adapter, columns: Mapping[str, int], imported_at: int) -> Listed:
    """Read a row without a fault. `columns`: column number by field."""
    reading = _Reading(row, adapter, columns)
    model, system = reading.text("model"), reading.text("system")
    family = _family(adapter.family, system, model)
    supervised = reading.maybe("supervised", reading.yes) if family in APPLE else None
    managed, synced_at = reading.managed(), reading.contact(imported_at)
    facts = TabletFacts(
        imported_at=imported_at,
        listed=True,
        manager=adapter.manager,
        family=family,
        managed=managed,
        supervised=supervised,
        synced_at=synced_at,
        release=reading.maybe("release", lambda _, cell: cells.release(cell)),
        updates_until=reading.maybe("updates_until", lambda _, cell: cells.day(cell)),
        passcode=reading.maybe("passcode", reading.yes),
        encrypted=reading.maybe("encrypted", reading.yes),
        lost_mode_ready=_ready(family, managed, supervised, synced_at, imported_at),
        free_bytes=reading.maybe("free_bytes", reading.size),
        size_bytes=reading.maybe("size_bytes", reading.size),
    )
    lost = reading.maybe("lost", reading.yes)
    return Listed(
        number=row.number,
        serial=reading.text("serial"),
        make=reading.text("make") or ("Apple" if family in APPLE else ""),
        model=model,
        name=reading.text("name"),
        kind=_kind(family, model, system),
        facts=facts,
        lost=None if isinstance(lost, Unseen) else lost,
        unclear=reading.unclear,
    )


class _Reading:
    """The cells of one row."""

    def __init__(self, row: Row, adapter: Adapter, columns: Mapping[str, int]) -> None:
        self._row, self._adapter, self._columns = row, adapter, columns
        self.unclear: list[tuple[str, str]] = []

    def text(self, field: str) -> str:
        number = self._columns.get(field)
        return "" if number is None else " ".join(self._row.cells[number].split())

    def maybe(self, field: str, read: Callable[[str, str], T | None]) -> Maybe[T | None]:
        """What a cell says; None where it is empty, not told where there is no such column or the
        cell is no such thing."""
        number = self._columns.get(field)
        if number is None:
            return NOT_TOLD
        cell = self._row.cells[number]
        try:
            return read(field, cell)
        except cells.UnclearError:
            return self.not_clear(field, cell)

    def yes(self, field: str, cell: str) -> bool | None:
        return cells.yes(cell, self._adapter.yes.get(field, ()), self._adapter.no.get(field, ()))

    def size(self, _: str, cell: str) -> int | None:
        return cells.size(cell, self._adapter.unit)

    def managed(self) -> Maybe[bool]:
        """Enrolled now. A sheet without such a column lists what is; an empty cell tells nothing,
        and what was taken out is not."""
        gone = self.maybe("gone", self.yes)
        if not isinstance(gone, Unseen) and gone:
            return False
        if "managed" not in self._columns:
            return True
        found = self.maybe("managed", self.yes)
        return NOT_TOLD if found is None else found

    def contact(self, imported_at: int) -> Maybe[int | None]:
        """The last contact; one that is still to come says nothing."""
        found = self.maybe("synced_at", lambda _, cell: cells.moment(cell))
        if isinstance(found, Unseen) or found is None or found <= imported_at + _AHEAD_SECONDS:
            return found
        return self.not_clear("synced_at", self.text("synced_at"))

    def not_clear(self, field: str, cell: str) -> Unseen:
        self.unclear.append((FIELDS[field], cell[:40]))
        return NOT_TOLD


def _family(fixed: str, system: str, model: str) -> Family:
    low, of = system.casefold(), model.casefold()
    if fixed == "chromeos" or "chrome" in low:
        return "chromeos"
    if "ipad" in of or low.startswith("ipados"):
        return "ipados"
    if re.match(r"ios\b", low) or "iphone" in of or "ipod" in of:
        return "ios"
    return "android" if low.startswith(("android", "aosp")) else "other"


def _kind(family: Family, model: str, system: str) -> str:
    """Of an entry that would be made; `other` where the sheet does not tell."""
    if family == "chromeos":
        return "chromebook"
    if family == "ipados":
        return "tablet"
    low = model.casefold()
    found = next((kind for word, kind in _KIND_OF.items() if word in low), "")
    if found:
        return found
    return "computer" if system.casefold().startswith(("windows", "macos", "linux")) else "other"


def _ready(
    family: Family,
    managed: Maybe[bool],
    supervised: Maybe[bool | None],
    synced_at: Maybe[int | None],
    imported_at: int,
) -> Maybe[bool | None]:
    """Whether it can be locked and found from afar: known of Apple's only, and only where all that
    it takes is told."""
    told: Collection[Maybe[int | bool | None]] = (managed, supervised, synced_at)
    if family not in APPLE or any(isinstance(one, Unseen) for one in told):
        return NOT_TOLD
    if isinstance(synced_at, Unseen) or synced_at is None:
        return False
    reached = imported_at - synced_at <= REACHED_SECONDS
    return bool(managed is True and supervised is True and reached)
