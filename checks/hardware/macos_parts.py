"""Network cards, drives and free space of a Mac.

Cards: what macOS itself keeps in NetworkInterfaces.plist, with the address each card's driver
tells. What is gone stays listed, so only what is `Active` (present, with or without a link) counts;
where no entry says so, what is built in. `IOBuiltin` false is a dock or dongle. Networking over
Thunderbolt and the USB-C ports' own device mode are no cards. Drives: `diskutil list -plist
physical` and `diskutil info` of each; serials by `system_profiler`, matched by identifier. Trap: an
SD card in the Mac's own slot is `Internal`. Space: APFS containers, whose volumes share it, on
drives of the Mac's own; other file systems (Boot Camp) are not counted.
"""

import functools
import re
from collections.abc import Iterator
from typing import Final, Literal

from checks.formats import diskutil_apfs
from checks.formats.diskutil_apfs import Container
from checks.formats.errors import ParseError
from checks.formats.system_profiler import Item
from checks.hardware.facts import Disk, NetworkCard, Transport, Volume
from checks.hardware.macos_asked import NVME, SATA, profiled, text
from checks.hardware.placeholders import (
    is_made_up_mac,
    is_placeholder,
    is_placeholder_mac,
    mac_key,
)
from checks.host import CannotLook, Host
from checks.macos import Settings, printed, settings
from checks.unseen import Maybe, Unseen

INTERFACES: Final = "/Library/Preferences/SystemConfiguration/NetworkInterfaces.plist"
_KINDS: Final[dict[object, Literal["wired", "wireless"]]] = {
    "Ethernet": "wired",
    "IEEE80211": "wireless",
}
_NO_CARDS: Final = ("AppleThunderboltIPPort", "AppleUSBDeviceNCM")
_MOST: Final = 64
"""Drives asked about; each is a program's run."""
_WHOLE: Final = re.compile(r"disk\d{1,4}")
_PART: Final = re.compile(r"(disk\d{1,4})s\d{1,4}(?:s\d{1,4})?")
_BUSES: Final[dict[object, Transport]] = {
    "SATA": "sata",
    "SAS": "sas",
    "USB": "usb",
    "Secure Digital": "mmc",
    "Apple Fabric": "nvme",
    "Virtual Interface": "virtual",
}
"""`BusProtocol`. On PCI-Express there are drives of either kind: the list it is in tells."""
_FROM_OUTSIDE: Final = frozenset({"USB", "Secure Digital"})
_NO_FILES: Final = frozenset(
    {
        *("EFI", "Apple_Boot", "Apple_partition_map", "Apple_Free", "Microsoft Reserved"),
        *("Apple_APFS_Recovery", "Apple_APFS_ISC", "Windows Recovery"),
    }
)
_OWN_ROLES: Final = frozenset({"System", "Data"})


@functools.lru_cache(maxsize=1)  # two sections are read from one answer; a host sees one round
def cards(host: Host) -> list[tuple[NetworkCard, bool]]:
    """Each physical card and whether it is plugged in from outside, by name. Raises CannotLook."""
    rows = settings(host, INTERFACES).get("Interfaces")
    if not isinstance(rows, list):
        raise CannotLook("unsupported", INTERFACES)
    rows = [row for row in rows if isinstance(row, dict)]
    present = "Active" if any("Active" in row for row in rows) else "IOBuiltin"
    found = [_card(row) for row in rows if row.get(present) is True and _is_card(row)]
    return sorted(found, key=lambda one: one[0].name)


def _is_card(row: Settings) -> bool:
    path = row.get("IOPathMatch")
    software = isinstance(path, str) and any(mark in path for mark in _NO_CARDS)
    return row.get("SCNetworkInterfaceType") in _KINDS and not software


def _card(row: Settings) -> tuple[NetworkCard, bool]:
    kind = _KINDS[row["SCNetworkInterfaceType"]]
    name, said = text(row.get("BSD Name")), row.get("IOMACAddress")
    if name is None:
        raise CannotLook("parse-error", "BSD Name")
    own = mac_key(said) if isinstance(said, str) else None
    mac: Maybe[str | None] = None if own is None or is_placeholder_mac(own) else own
    permanent = isinstance(mac, str) and not is_made_up_mac(mac)
    if kind == "wireless" and isinstance(mac, str) and not permanent:
        mac = Unseen("unsupported")  # a private address, not the card's own
    return NetworkCard(name, kind, mac, permanent), row.get("IOBuiltin") is not True


@functools.lru_cache(maxsize=1)  # as above
def listed(host: Host) -> Settings:
    """Drives and their parts, as `diskutil` lists them. Raises CannotLook."""
    found = printed(host, ["diskutil", "list", "-plist", "physical"])
    if not isinstance(found, dict):
        raise CannotLook("parse-error", "diskutil list")
    return found


@functools.lru_cache(maxsize=1)  # as above
def drives(host: Host) -> dict[str, Settings]:
    """What `diskutil` tells of each drive, by identifier. Raises CannotLook."""
    names = listed(host).get("WholeDisks")
    if not isinstance(names, list) or len(names) > _MOST:
        raise CannotLook("parse-error", "WholeDisks")
    if not all(isinstance(name, str) and _WHOLE.fullmatch(name) for name in names):
        raise CannotLook("parse-error", "WholeDisks")
    found = {name: _info(host, name) for name in sorted(names)}
    return {name: info for name, info in found.items() if _is_drive(info)}


def _info(host: Host, name: str) -> Settings:
    info = printed(host, ["diskutil", "info", "-plist", name])
    if not isinstance(info, dict) or not isinstance(info.get("Internal"), bool):
        raise CannotLook("parse-error", "diskutil info")
    return info


def _is_drive(info: Settings) -> bool:
    """No file shown as a drive, and no card reader without a card."""
    virtual = info.get("VirtualOrPhysical") == "Virtual" or info.get("BusProtocol") == "Disk Image"
    return not virtual and info.get("Size") != 0


def parts(host: Host, name: str) -> list[Settings]:
    """Parts of a drive that may hold files, as `diskutil` lists them. Raises CannotLook."""
    rows = listed(host).get("AllDisksAndPartitions")
    rows = rows if isinstance(rows, list) else []
    whole = next((r for r in rows if isinstance(r, dict) and r.get("DeviceIdentifier") == name), {})
    found = whole.get("Partitions") or whole.get("APFSPhysicalStores") or [whole]
    return [part for part in found if isinstance(part, dict) and _may_hold_files(part)]


def _may_hold_files(part: Settings) -> bool:
    return isinstance(part.get("DeviceIdentifier"), str) and part.get("Content") not in _NO_FILES


def is_outside(info: Settings) -> bool:
    """Whether a drive was plugged in."""
    plugged = info["Internal"] is False or info.get("RemovableMediaOrExternalDevice") is True
    return plugged or info.get("BusProtocol") in _FROM_OUTSIDE


@functools.lru_cache(maxsize=1)  # as above
def disks(host: Host) -> list[Disk]:
    """Every whole drive, by name; one from outside without its serial. Raises CannotLook."""
    kinds = profiled(host)
    if NVME not in kinds and SATA not in kinds:
        raise CannotLook("parse-error", "system_profiler lists no drives")
    told = {name: (kind, item) for kind in (NVME, SATA) for name, item in _named(kinds.get(kind))}
    whole = drives(host)
    return [_disk(name, info, *told.get(name, (None, None))) for name, info in whole.items()]


def _named(below: Item | None) -> Iterator[tuple[str, Item]]:
    """Drives below a kind of data by identifier: they stand below their controllers."""
    for item in below.items if below else []:
        name = item.values.get("bsd_name")
        if isinstance(name, str) and _WHOLE.fullmatch(name):
            yield name, item
        else:
            yield from _named(item)


def _disk(name: str, info: Settings, kind: str | None, told: Item | None) -> Disk:
    size, removable = info.get("Size"), is_outside(info)
    transport = _BUSES.get(info.get("BusProtocol"), "other")
    if kind is not None:
        transport = "nvme" if kind == NVME else "sata"
    values = told.values if told else {}
    serial = text(values.get("device_serial"))
    return Disk(
        name=name,
        serial=None if removable or serial is None or is_placeholder(serial) else serial,
        wwn=None,
        make=None,
        model=text(values.get("device_model")) or text(info.get("MediaName")),
        size_bytes=size if isinstance(size, int) else 0,
        rotational=info.get("SolidState") is False,
        transport=transport,
        removable=removable,
    )


def volumes(host: Host) -> list[Volume]:
    """Containers on drives that stay in the Mac. Raises CannotLook."""
    own = {name for name, info in drives(host).items() if not is_outside(info)}
    ran = host.run(list(diskutil_apfs.ARGV))
    if ran.code != 0:
        raise CannotLook("parse-error", f"diskutil exited {ran.code}")
    try:
        containers = diskutil_apfs.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    found = [
        _volume(place, container)
        for container in containers
        if (place := _place(container)) is not None and _is_on(own, container)
    ]
    if not any(volume.place == "system" for volume in found):
        raise CannotLook("unsupported", "no APFS, or started from a drive from outside")
    return sorted(found, key=lambda volume: (volume.place != "system", -volume.size_bytes))


def _is_on(own: set[str], container: Container) -> bool:
    parts = (_PART.fullmatch(store) for store in container.stores)
    return any(part is not None and part[1] in own for part in parts)


def _volume(place: Literal["system", "home", "other"], container: Container) -> Volume:
    if container.size_bytes is None or container.free_bytes is None:
        raise CannotLook("parse-error", "CapacityFree")
    return Volume(place, container.size_bytes, container.free_bytes)


def _place(container: Container) -> Literal["system", "home", "other"] | None:
    """None: it holds only what starts or repairs the system, and is full from the first day."""
    roles = {role for volume in container.volumes for role in volume.roles}
    if roles & _OWN_ROLES:
        return "system"
    if "User" in roles:
        return "home"
    return "other" if any(not volume.roles for volume in container.volumes) else None
