"""`lsblk -J -b`: drives, partitions and what lies on them, as a tree.

Traps: util-linux before 2.33 writes every value as text (`"1"`), before 2.37 has MOUNTPOINT (one)
instead of MOUNTPOINTS (a list with null in it); a RAID or LVM layer stands once under each of its
parts; SERIAL of a USB case is the case's own. Labels are never asked for: people write names into
them.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from checks.formats.errors import ParseError

COLUMNS: Final = (
    *(
        "NAME",
        "KNAME",
        "TYPE",
        "FSTYPE",
        "UUID",
        "MOUNTPOINTS",
        "SIZE",
        "RM",
        "HOTPLUG",
        "RO",
        "TRAN",
    ),
    *("SERIAL", "MODEL", "VENDOR", "WWN", "ROTA", "FSSIZE", "FSAVAIL"),
)
ARGV: Final = ("lsblk", "-J", "-b", "-o", ",".join(COLUMNS))
ARGV_OLD: Final = (
    "lsblk",
    "-J",
    "-b",
    "-o",
    ",".join(COLUMNS).replace("MOUNTPOINTS", "MOUNTPOINT"),
)
"""For util-linux before 2.37, which exits 1 on a column it does not know."""

_SIZE: Final = re.compile(r"^(\d{1,19}(?:[.,]\d{1,3})?)([BKMGTPE]?)$", re.ASCII)
_UNITS: Final = {"": 1, "B": 1} | {unit: 1 << 10 * n for n, unit in enumerate("KMGTPE", 1)}


class BlockDevice(msgspec.Struct, frozen=True):
    """One drive, partition or layer. Sizes in bytes; None: lsblk does not know."""

    name: str
    kind: str
    """`disk`, `part`, `crypt`, `lvm`, `raid1`, `loop`, `rom`, …"""
    size_bytes: int
    removable: bool
    hotplug: bool
    """Plugged in from outside; true for USB hard disks, which are not `removable`."""
    read_only: bool
    rotational: bool
    transport: str | None
    serial: str | None
    model: str | None
    vendor: str | None
    wwn: str | None
    fstype: str | None
    uuid: str | None
    """Of the file system."""
    mounts: list[str]
    fs_size_bytes: int | None
    fs_free_bytes: int | None
    children: list["BlockDevice"]


class _Row(msgspec.Struct):
    name: str | None = None
    kname: str | None = None
    path: str | None = None
    type: str | None = None
    size: int | str | None = None
    rm: bool | int | str | None = None
    hotplug: bool | int | str | None = None
    ro: bool | int | str | None = None
    rota: bool | int | str | None = None
    tran: str | None = None
    serial: str | None = None
    model: str | None = None
    vendor: str | None = None
    wwn: str | None = None
    fstype: str | None = None
    uuid: str | None = None
    mountpoints: list[str | None] = []
    mountpoint: str | None = None
    fssize: int | str | None = None
    fsavail: int | str | None = None
    children: list["_Row"] = []


class _Output(msgspec.Struct):
    blockdevices: list[_Row]


def parse(data: bytes) -> list[BlockDevice]:
    """The trees lsblk printed; raises ParseError."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        return []  # what lsblk prints where there is no block device at all
    try:
        rows = msgspec.json.decode(data, type=_Output).blockdevices
        return [_device(row) for row in rows]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError("lsblk: not its JSON") from error


def walk(devices: list[BlockDevice]) -> Iterator[BlockDevice]:
    """Every device and all that lies on it, a layer on two parts twice."""
    for device in devices:
        yield device
        yield from walk(device.children)


def _device(row: _Row) -> BlockDevice:
    return BlockDevice(
        name=row.kname or row.name or (row.path or "").removeprefix("/dev/"),
        kind=row.type or "",
        size_bytes=_count(row.size) or 0,
        removable=_flag(row.rm),
        hotplug=_flag(row.hotplug),
        read_only=_flag(row.ro),
        rotational=_flag(row.rota),
        transport=_text(row.tran),
        serial=_text(row.serial),
        model=_text(row.model),
        vendor=_text(row.vendor),
        wwn=_text(row.wwn),
        fstype=_text(row.fstype),
        uuid=_text(row.uuid),
        mounts=list(dict.fromkeys(p for p in (*row.mountpoints, row.mountpoint) if p)),
        fs_size_bytes=_count(row.fssize),
        fs_free_bytes=_count(row.fsavail),
        children=[_device(child) for child in row.children],
    )


def _flag(value: bool | int | str | None) -> bool:
    return value in (True, 1, "1", "true")


def _count(value: int | str | None) -> int | None:
    if isinstance(value, str):
        value = _printed(value)
    return value if value is not None and 0 <= value < 1 << 63 else None


def _printed(text: str) -> int | None:
    """Bytes as text, or (without -b) rounded for people: `238,5G`; about as much, then."""
    found = _SIZE.match(text.strip())
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    return int(number * _UNITS[found[2]]) if found[2] or "." in text else int(found[1])


def _text(value: str | None) -> str | None:
    """Model and vendor are padded with spaces, and some drives pad with `\\x00` or `_`."""
    if value is None:
        return None
    return " ".join(value.replace("\0", " ").split()).strip("_ ") or None
