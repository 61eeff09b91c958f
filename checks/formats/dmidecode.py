"""`dmidecode` text: the firmware's tables of a machine (type 0–3 identity, 16–17 memory), what
there is of batteries and power supplies, and every structure as it stands there.

Traps: FreeBSD and OpenBSD captures indent with spaces or not at all; `Size: No Module Installed`;
sizes come in kB, MB, GB and TB; lists (`Characteristics:`) are indented one level deeper; a table
may name one type several times (blades, several boards): the first is the machine's own.
"""

import re
from typing import Final

import msgspec

from checks.formats.dmi_structures import (
    Battery,
    PowerSupply,
    Structure,
    batteries,
    power_supplies,
    structures,
)
from checks.formats.errors import ParseError

_HANDLE = re.compile(r"^\s*Handle 0x[0-9A-Fa-f]{1,8}")
_TYPE = re.compile(r"DMI type (\d{1,3})")
_SIZE = re.compile(r"^(\d{1,12}) ?(bytes|[kMGT](?:i?B|byte))\b")
_FACTORS: Final = {"b": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Module(msgspec.Struct, frozen=True):
    """One place for a memory module; size 0: empty."""

    place: str
    size_bytes: int
    kind: str | None
    make: str | None
    part: str | None
    serial: str | None
    speed: str | None = None
    """As printed, `2667 MT/s`."""
    form: str | None = None
    """`DIMM`, `SODIMM`, `Row Of Chips` …"""
    caption: str | None = None
    """The bank, where the place alone says little."""


class Tables(msgspec.Struct, frozen=True):
    """Identity and memory as the firmware tells it, placeholders included; None: no such line."""

    make: str | None
    product: str | None
    version: str | None
    serial: str | None
    uuid: str | None
    sku: str | None
    family: str | None
    board_make: str | None
    board_product: str | None
    board_serial: str | None
    chassis_type: str | None
    chassis_serial: str | None
    asset_tag: str | None
    firmware_make: str | None
    firmware_version: str | None
    firmware_date: str | None
    memory: list[Module]
    batteries: list[Battery] = []
    power_supplies: list[PowerSupply] = []
    structures: list[Structure] = []


_Table = dict[str, str]


def parse(data: bytes) -> Tables:
    """Read the text; raises ParseError where it holds no table at all."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # as PowerShell writes into a file
    text = data.decode("utf-16" if wide else "utf-8", "replace")
    tables = _tables(text)
    found = structures(text)
    if not tables:
        raise ParseError("dmidecode: no tables")

    def first(kind: int, key: str) -> str | None:
        table = next((values for number, values in tables if number == kind), {})
        return table.get(key) or None

    return Tables(
        make=first(1, "Manufacturer") or first(1, "Vendor"),
        product=first(1, "Product Name") or first(1, "Product"),
        version=first(1, "Version"),
        serial=first(1, "Serial Number"),
        uuid=first(1, "UUID"),
        sku=first(1, "SKU Number"),
        family=first(1, "Family"),
        board_make=first(2, "Manufacturer"),
        board_product=first(2, "Product Name") or first(2, "Product"),
        board_serial=first(2, "Serial Number"),
        chassis_type=first(3, "Type") or first(3, "Chassis Type"),
        chassis_serial=first(3, "Serial Number"),
        asset_tag=first(3, "Asset Tag"),
        firmware_make=first(0, "Vendor"),
        firmware_version=first(0, "Version"),
        firmware_date=first(0, "Release Date") or first(0, "Release"),
        memory=_memory(tables),
        batteries=batteries(found),
        power_supplies=power_supplies(found),
        structures=found,
    )


def _tables(text: str) -> list[tuple[int, _Table]]:
    """Each structure's type and its `Key: value` lines; the first of two equal keys stands."""
    found: list[tuple[int, _Table]] = []
    for line in text.split("\n"):
        if _HANDLE.match(line):
            found.append((-1, {}))
        if not found:
            continue
        named = _TYPE.search(line)
        if named and found[-1][0] == -1:  # on the handle's line, or (before dmidecode 2.8) the next
            found[-1] = (int(named[1]), found[-1][1])
            continue
        key, colon, value = line.partition(":")
        if colon and key.strip():
            found[-1][1].setdefault(key.strip(), " ".join(value.split()))
    return [(number, table) for number, table in found if number >= 0]


def _memory(tables: list[tuple[int, _Table]]) -> list[Module]:
    """Type 17; firmware before 2003 leaves it empty and lists banks as type 6."""
    modules = [_module(table) for number, table in tables if number == 17]
    banks = [
        Module(
            table.get("Socket Designation", table.get("Socket", "")), size, None, None, None, None
        )
        for number, table in tables
        if number == 6
        for size in [_size(table.get("Installed Size", ""))]
    ]
    return modules if any(module.size_bytes for module in modules) or not banks else banks


def _module(table: _Table) -> Module:
    return Module(
        place=table.get("Locator", ""),
        size_bytes=_size(table.get("Size", "")),
        kind=table.get("Type") or None,
        make=table.get("Manufacturer") or None,
        part=table.get("Part Number") or None,
        serial=table.get("Serial Number") or None,
        speed=table.get("Speed") or None,
        form=table.get("Form Factor") or None,
        caption=table.get("Bank Locator") or table.get("Bank") or None,
    )


def _size(text: str) -> int:
    found = _SIZE.match(text)
    return int(found[1]) * _FACTORS[found[2][0]] if found else 0
