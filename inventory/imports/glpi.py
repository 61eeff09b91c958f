"""A computer as GLPI's agents write it (inventory format, JSON), as rows of a sheet.

What the register has no field for is named in the last column and not taken; a BIOS's asset tag is
shown, but seldom the school's own, so a person says whether it is.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

HEADERS: Final = (
    *("Name", "Kind", "Make", "Model", "Serial number", "UUID", "Location"),
    *("Asset tag of the BIOS", "Also told"),
)
_BEGINS: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"')
_CARRIED: Final = ("laptop", "notebook", "portable", "convertible", "detachable")
_TAKEN: Final = frozenset({"bios", "hardware", "network_device", "versionclient"})
_KINDS: Final = {"Phone": "Phone", "Printer": "Printer", "NetworkEquipment": ""}

Told = str | int | float | None


class _Bios(msgspec.Struct):
    assettag: Told = None
    smanufacturer: Told = None
    smodel: Told = None
    ssn: Told = None


class _Hardware(msgspec.Struct):
    chassis_type: Told = None
    name: Told = None
    uuid: Told = None


class _NetworkDevice(msgspec.Struct):
    location: Told = None
    manufacturer: Told = None
    model: Told = None
    name: Told = None
    serial: Told = None


class _Parts(msgspec.Struct):
    bios: _Bios = msgspec.field(default_factory=_Bios)
    hardware: _Hardware = msgspec.field(default_factory=_Hardware)
    network_device: _NetworkDevice = msgspec.field(default_factory=_NetworkDevice)


class _Inventory(msgspec.Struct):
    content: dict[str, Any]
    itemtype: str = "Computer"


class NoInventoryError(Exception):
    """It is JSON, but none of GLPI's."""


def is_json(data: bytes) -> bool:
    """Whether it begins as JSON that might be an inventory; no sheet begins so."""
    return _BEGINS.match(data) is not None


def rows(data: bytes) -> Iterator[list[str]]:
    """The names of the columns, then a row for each inventory. Raises NoInventoryError."""
    try:
        found = msgspec.json.decode(
            data.removeprefix(b"\xef\xbb\xbf"), type=_Inventory | list[_Inventory]
        )
        yield list(HEADERS)
        for one in found if isinstance(found, list) else [found]:
            yield _row(one, msgspec.convert(one.content, _Parts))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NoInventoryError from error


def _row(one: _Inventory, parts: _Parts) -> list[str]:
    bios, hardware, net = parts.bios, parts.hardware, parts.network_device
    also = sorted(name for name in one.content if name not in _TAKEN)
    return [
        _text(hardware.name, net.name),
        _kind(one.itemtype, _text(hardware.chassis_type)),
        _text(bios.smanufacturer, net.manufacturer),
        _text(bios.smodel, net.model),
        _text(bios.ssn, net.serial),
        _text(hardware.uuid),
        _text(net.location),
        _text(bios.assettag),
        ", ".join(also),
    ]


def _text(*told: Told) -> str:
    return next((str(one).strip() for one in told if one not in (None, "")), "")


def _kind(itemtype: str, chassis: str) -> str:
    """In words the import knows; "" where the inventory does not tell."""
    if itemtype in _KINDS:
        return _KINDS[itemtype]
    low = chassis.casefold()
    if any(word in low for word in _CARRIED):
        return "Laptop"
    if "tablet" in low:
        return "Tablet"
    if "server" in low or "rack" in low or "blade" in low:
        return "Server"
    return "Computer"
