"""Whose sheet it is, and which of its columns says what: data in `adapters.toml`, and what a person
says instead."""

import datetime
import functools
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from inventory.assets.errors import RegisterError
from inventory.imports.columns import PASSED_OVER, plain

FIELDS: Final[Mapping[str, str]] = {
    "serial": "Serial number",
    "name": "Name",
    "make": "Make",
    "model": "Model",
    "system": "System (iPadOS, Android …)",
    "release": "Release of the system",
    "managed": "Enrolled",
    "gone": "Taken out of the management",
    "supervised": "Supervised",
    "synced_at": "Last contact",
    "updates_until": "Updates until",
    "passcode": "A code is set",
    "encrypted": "Encrypted",
    "lost": "In lost mode",
    "free_bytes": "Free storage",
    "size_bytes": "Storage",
}
"""What a column may say of a thing, and what pages call it."""
_COMMON: Final[Mapping[str, Collection[str]]] = {
    "serial": ("serial number", "serial", "serialnumber", "serial no"),
    "name": ("device name", "name"),
    "make": ("manufacturer", "make"),
    "model": ("model", "model name"),
    "system": ("os", "platform", "operating system"),
    "release": ("os version", "osversion", "version"),
    "managed": ("managed", "enrolled", "enrollment status", "is managed"),
    "supervised": ("supervised", "is supervised"),
    "synced_at": ("last check in", "last contact", "last seen", "last sync", "last checkin"),
    "updates_until": ("auto update expiration", "updates until"),
    "passcode": ("passcode present", "passcode", "passcode set"),
    "encrypted": ("encrypted", "is encrypted"),
}
"""For sheets that nobody has seen: a first guess."""
_FILE: Final = Path(__file__).with_name("adapters.toml")
_GIGABYTE: Final = 1_000_000_000


class Adapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One management's sheet; see the head of the file."""

    title: str
    manager: str
    as_of: datetime.date
    source: str
    known_by: list[str]
    lists: list[str]
    family: str = ""
    unit: int = _GIGABYTE
    columns: dict[str, list[str]] = {}
    yes: dict[str, list[str]] = {}
    no: dict[str, list[str]] = {}


@functools.cache
def adapters() -> dict[str, Adapter]:
    """Every one by its id, as `--from` says it."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[str, Adapter])


def recognised(headers: Sequence[str]) -> str:
    """The id of the one whose sheet this is, "" for none."""
    there = {plain(header) for header in headers}
    return next(
        (
            name
            for name, one in adapters().items()
            if one.known_by and there.issuperset(one.known_by)
        ),
        "",
    )


def guess(adapter: Adapter, headers: Sequence[str]) -> dict[str, int]:
    """Column number by what it says, 0 the first. One column may say two things: `iOS 26.4`."""
    numbers: dict[str, int] = {}
    for number, header in enumerate(headers):
        numbers.setdefault(plain(header), number)
    known = adapter.columns or _COMMON
    return {
        field: numbers[found]
        for field, names in known.items()
        if (found := next((name for name in names if name in numbers), None)) is not None
    }


def mapping(adapter: Adapter, headers: Sequence[str], chosen: Mapping[str, str]) -> dict[str, int]:
    """The guess with what a person chose: column name → field, `-` to pass it over. Raises
    RegisterError for a column or a field there is not, and where none is the serial number."""
    found = guess(adapter, headers)
    for header, field in chosen.items():
        number = next((n for n, one in enumerate(headers) if plain(one) == plain(header)), None)
        if number is None:
            raise RegisterError("no_column", f"There is no column called {header[:40]}.")
        found = {f: n for f, n in found.items() if n != number}
        if field == PASSED_OVER:
            continue
        if field not in FIELDS:
            raise RegisterError("no_field", f"A list has nothing called {field[:40]}.", field)
        found[field] = number
    if "serial" not in found:
        raise RegisterError(
            "no_key", "No column of this sheet is the serial number; say which one is.", "serial"
        )
    return found
