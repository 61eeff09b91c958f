"""Drives and free space of a Linux machine, from lsblk.

A drive counts as plugged in from outside when it hangs on USB, is hot-plugged or has a medium that
comes out; kernel-made drives (loop, zram, nbd, ram, device-mapper) are none. Trap: some controllers
call an inner SATA drive hot-pluggable, so `hotplug` counts only where the transport is not SATA,
SAS or NVMe.
"""

import re
from typing import Final, Literal

from checks.formats.lsblk import BlockDevice, walk
from checks.hardware.facts import Disk, Transport, Volume
from checks.hardware.placeholders import is_placeholder, is_placeholder_name

_MADE_BY_KERNEL: Final = ("loop", "zram", "ram", "nbd", "dm-", "md", "sr", "fd", "zd")
_TRANSPORTS: Final[dict[str, Transport]] = {
    "ata": "sata",
    "sata": "sata",
    "nvme": "nvme",
    "usb": "usb",
    "mmc": "mmc",
    "sas": "sas",
    "spi": "sas",
    "fc": "sas",
    "virtio": "virtual",
}
_FITTED: Final = ("sata", "sas", "nvme", "virtual")
_EMMC_PART: Final = re.compile(r"^mmcblk\d+(boot\d|rpmb|gp\d)$")
"""Hardware partitions that only soldered eMMC has; lsblk calls each of them a drive."""
Place = Literal["system", "home", "boot", "other"]
_PLACES: Final[dict[str, Place]] = {
    "/": "system",
    "/home": "home",
    "/boot": "boot",
    "/boot/efi": "boot",
}


def disks(devices: list[BlockDevice]) -> list[Disk]:
    """Every whole drive with a medium in it, by name.

    A drive from outside is listed without serial: it may be a pupil's own, and the domain of
    removable media knows it by an alias.
    """
    whole = [d for d in devices if d.kind == "disk" and d.size_bytes > 0]
    soldered = {d.name.removesuffix("boot0") for d in whole if _EMMC_PART.search(d.name)}
    real = [
        d for d in whole if not d.name.startswith(_MADE_BY_KERNEL) and not _EMMC_PART.search(d.name)
    ]
    return sorted((_disk(d, d.name in soldered) for d in real), key=lambda d: d.name)


def _disk(device: BlockDevice, soldered: bool) -> Disk:
    transport = _transport(device)
    fitted = soldered or transport in _FITTED
    removable = transport == "usb" or device.removable or (device.hotplug and not fitted)
    serial, make = device.serial, device.vendor
    if make and (make.upper() == "ATA" or make.startswith("0x")):
        make = None  # "ATA" is the bus and 0x1af4 a number, not a maker
    return Disk(
        name=device.name,
        serial=serial if serial and not removable and not is_placeholder(serial) else None,
        wwn=None if removable else device.wwn,
        make=make if make and not is_placeholder_name(make) else None,
        model=device.model,
        size_bytes=device.size_bytes,
        rotational=device.rotational,
        transport=transport,
        removable=removable,
    )


def _transport(device: BlockDevice) -> Transport:
    if device.transport is None:
        # lsblk leaves it empty for virtio and, before 2.38, for SD cards and eMMC.
        prefixes: dict[str, Transport] = {"vd": "virtual", "xvd": "virtual", "mmcblk": "mmc"}
        return next((t for p, t in prefixes.items() if device.name.startswith(p)), "other")
    return _TRANSPORTS.get(device.transport, "other")


def volumes(devices: list[BlockDevice]) -> list[Volume]:
    """Mounted file systems on drives that stay in the machine, one per place, largest first."""
    found: list[Volume] = []
    inner = {disk.name for disk in disks(devices) if not disk.removable}
    for device in walk([d for d in devices if d.name in inner]):
        size, free = device.fs_size_bytes, device.fs_free_bytes
        if not device.mounts or size is None or free is None:
            continue
        known = [_PLACES[mount] for mount in device.mounts if mount in _PLACES]
        place: Place = "system" if "system" in known else next(iter(known), "other")
        volume = Volume(place, size, free)
        if volume not in found:  # a layer on two parts is listed under both
            found.append(volume)
    return sorted(found, key=lambda v: (v.place, -v.size_bytes))
