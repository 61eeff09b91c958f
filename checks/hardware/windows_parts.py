r"""Network cards, drives and free space of a Windows machine.

Cards: `MSFT_NetAdapter`, those that are hardware; `PermanentAddress` is the card's own whatever
address is in use. Cards on USB are docks and dongles. Drives: `MSFT_PhysicalDisk`; of an NVMe drive
`AdapterSerialNumber` is what is printed on it (before `_` and four digits) and `SerialNumber` only
its EUI-64, which is kept as `wwn`. Space: fixed volumes of `Win32_LogicalDisk`; the system's is the
one `SystemRoot` stands on. Which drive a letter is on is asked of `MSFT_Partition`, so that a USB
disk is not counted as the machine's own.
"""

import functools
import re
from typing import Final, Literal

from checks.hardware.facts import Disk, NetworkCard, Transport, Volume
from checks.hardware.placeholders import (
    is_made_up_mac,
    is_placeholder,
    is_placeholder_mac,
    is_placeholder_name,
    mac_key,
)
from checks.host import CannotLook, Host
from checks.windows import WINDOWS_NT, Row, row_flag, row_number, row_text, text

_STORAGE: Final = "root/Microsoft/Windows/Storage"
_ADAPTER: Final = ["InterfaceDescription", "PermanentAddress", "PnPDeviceID", "HardwareInterface"]
_DRIVE: Final = [
    *("DeviceId", "Model", "Manufacturer", "SerialNumber", "AdapterSerialNumber", "UniqueId"),
    *("UniqueIdFormat", "Size", "BusType", "MediaType", "SpindleSpeed"),
]
Kind = Literal["wired", "wireless", "other"]
_MEDIA: Final[dict[int, Kind]] = {14: "wired", 9: "wireless", 1: "wireless"}
"""`NdisPhysicalMedium`: 802.3; native 802.11 and the wireless LAN before it."""
_BUSES: Final[dict[int, Transport]] = {
    **dict.fromkeys((3, 11), "sata"),
    **dict.fromkeys((6, 9, 10), "sas"),
    7: "usb",
    **dict.fromkeys((12, 13), "mmc"),
    14: "virtual",
    17: "nvme",
}
_FROM_OUTSIDE: Final = frozenset({7, 12})
"""USB and SD cards; 13 is soldered eMMC."""
_NO_DRIVE: Final = frozenset({15, 16})
"""A file shown as a drive; a pool made of drives that are listed themselves."""
_HARD_DISK: Final = 3
_SPINNING_UNKNOWN: Final = 0xFFFFFFFF
_SUFFIX: Final = re.compile(r"[\s_]*_[0-9A-Fa-f]{4,8}\.?$")
_EUI: Final = re.compile(r"(?:[0-9A-Fa-f]{4}_){3,7}[0-9A-Fa-f]{4}\.?")
_NAA: Final = re.compile(r"[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32}")
_FIXED: Final = 3


@functools.lru_cache(maxsize=1)  # two sections are read from one answer; a host sees one round
def cards(host: Host) -> list[tuple[NetworkCard, bool]]:
    """Each physical card and whether it is plugged in from outside, by name. Raises CannotLook."""
    rows = host.wmi("MSFT_NetAdapter", "root/StandardCimv2", [*_ADAPTER, "NdisPhysicalMedium"])
    found = [_card(row) for row in rows if row_flag(row, "HardwareInterface")]
    return sorted(found, key=lambda one: (one[0].name, str(one[0].mac)))


def _card(row: Row) -> tuple[NetworkCard, bool]:
    mac = mac_key(row_text(row, "PermanentAddress") or "")
    if mac is not None and is_placeholder_mac(mac):
        mac = None
    kind: Kind = _MEDIA.get(row_number(row, "NdisPhysicalMedium") or 0, "other")
    card = NetworkCard(
        name=_short(row_text(row, "InterfaceDescription")) or "network card",
        kind=kind,
        mac=mac,
        permanent=mac is not None and not is_made_up_mac(mac),
    )
    return card, (row_text(row, "PnPDeviceID") or "").upper().startswith("USB\\")


def _short(said: str | None) -> str | None:
    kept = "".join(c for c in (said or "")[:512] if c.isprintable())
    return " ".join(kept.split())[:128] or None


@functools.lru_cache(maxsize=1)  # as above
def disks(host: Host) -> list[Disk]:
    """Every whole drive, by name; one from outside without its serial. Raises CannotLook."""
    rows = host.wmi("MSFT_PhysicalDisk", _STORAGE, _DRIVE)
    real = [row for row in rows if row_number(row, "BusType") not in _NO_DRIVE]
    return sorted((_disk(row) for row in real), key=lambda disk: disk.name)


def _disk(row: Row) -> Disk:
    bus = row_number(row, "BusType") or 0
    removable = bus in _FROM_OUTSIDE
    make, serial = _short(row_text(row, "Manufacturer")), _serial(row)
    media, speed = row_number(row, "MediaType"), row_number(row, "SpindleSpeed") or 0
    return Disk(
        name=f"disk{_number(row)}",
        serial=None if removable or serial is None or is_placeholder(serial) else serial,
        wwn=None if removable else _wwn(row),
        make=None if make is None or is_placeholder_name(make) else make,
        model=_short(row_text(row, "Model")),
        size_bytes=row_number(row, "Size") or 0,
        rotational=media == _HARD_DISK or (media == 0 and 0 < speed < _SPINNING_UNKNOWN),
        transport=_BUSES.get(bus, "other"),
        removable=removable,
    )


def _number(row: Row) -> int:
    number = row_number(row, "DeviceId")
    if number is None or number < 0:
        raise CannotLook("parse-error", "DeviceId")
    return number


def _serial(row: Row) -> str | None:
    printed = _short(row_text(row, "AdapterSerialNumber"))
    if printed is not None:
        return _SUFFIX.sub("", printed).strip() or None
    said = _short(row_text(row, "SerialNumber"))
    return None if said is None or _EUI.fullmatch(said) else said.rstrip(".")


def _wwn(row: Row) -> str | None:
    said = (row_text(row, "UniqueId") or "").strip()
    if said.lower().startswith("eui."):
        return said.lower()[:64]
    world_wide = row_number(row, "UniqueIdFormat") == 3 and _NAA.fullmatch(said)
    return f"0x{said.lower()}" if world_wide else None


def volumes(host: Host) -> list[Volume]:
    """Volumes on drives that stay in the machine, the system's called so. Raises CannotLook."""
    own = {disk.name for disk in disks(host) if not disk.removable}
    on = {letter: f"disk{number}" for letter, number in _letters(host)}
    root = (text(host.registry("HKLM", WINDOWS_NT), "SystemRoot") or "")[:2].upper()
    rows = host.wmi(
        "Win32_LogicalDisk", "root/cimv2", ["DeviceID", "DriveType", "Size", "FreeSpace"]
    )
    found = []
    for row in rows:
        letter = (row_text(row, "DeviceID") or "").upper()
        size, free = row_number(row, "Size"), row_number(row, "FreeSpace")
        if row_number(row, "DriveType") != _FIXED or size is None or free is None:
            continue  # a card reader, a share, or a volume that is locked
        if letter == root or on.get(letter, "") in own:
            found.append(Volume("system" if letter == root else "other", size, free))
    return sorted(found, key=lambda v: (v.place, -v.size_bytes))


def _letters(host: Host) -> list[tuple[str, int]]:
    """Each drive letter with a colon, and the number of the drive it is on."""
    found = []
    for row in host.wmi("MSFT_Partition", _STORAGE, ["DriveLetter", "DiskNumber"]):
        letter, number = row.get("DriveLetter"), row_number(row, "DiskNumber")
        if isinstance(letter, int) and 0 < letter < 128:
            letter = chr(letter)  # a character may come as its number
        if isinstance(letter, str) and letter.strip("\0") and number is not None:
            found.append((f"{letter.upper()}:", number))
    return found
