"""Which drive it is, as it says itself (`lsblk`, which asks sysfs and udev). Nothing is guessed."""

from typing import Final

import msgspec

from checks.formats.lsblk import BlockDevice, walk
from checks.hardware.blockdevices import block_devices
from checks.hardware.placeholders import is_placeholder
from checks.host import CannotLook, Host
from checks.words import clean

_LONGEST: Final = 64


class Identity(msgspec.Struct, frozen=True):
    """Fields as in `checks.media_wipes.MediaWipe`; empty or None: unknown."""

    serial: str = ""
    model: str = ""
    vendor: str = ""
    wwn: str = ""
    transport: str = ""
    rotational: bool | None = None


def of(host: Host, name: str) -> Identity:
    """The drive with this kernel name, or the one that this partition is part of."""
    try:
        drives = block_devices(host)
    except CannotLook:
        return Identity()
    for drive in drives:
        if drive.kind == "disk" and any(one.name == name for one in walk([drive])):
            return _told(drive)
    return Identity()


def _told(drive: BlockDevice) -> Identity:
    serial = clean(drive.serial or "", _LONGEST)
    vendor = clean(drive.vendor or "", _LONGEST)
    # "ATA" is the bus, 0x1af4 the number of a virtual machine's maker.
    return Identity(
        serial="" if is_placeholder(serial) else serial,
        model=clean(drive.model or "", _LONGEST),
        vendor="" if vendor.upper() == "ATA" or vendor.startswith("0x") else vendor,
        wwn=clean(drive.wwn or "", _LONGEST),
        transport=clean(drive.transport or "", 16),
        rotational=drive.rotational if drive.transport else None,
    )
