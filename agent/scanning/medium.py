"""Which carried medium a folder lies on, and whether the folder is all of it.

`whole` needs to be certain: the folder is where the one file system of the drive is mounted, from
its root, nothing else is mounted over a part of it, and the drive has no other part.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from checks.formats.lsblk import BlockDevice
from checks.formats.mounts import unescaped
from checks.hardware.blockdevices import block_devices
from checks.host import CannotLook, Host, read_text
from checks.removable_media import attached, windows_attached
from checks.removable_media.facts import Volume

MOUNTS: Final = "/proc/self/mountinfo"
_LIMIT: Final = 4 << 20
_DRIVE: Final = re.compile(r"[A-Za-z]:\\")


class Medium(msgspec.Struct, frozen=True):
    """`id` as in `removable_media.facts.Volume`; empty where it is none, or cannot be told."""

    id: str = ""
    name: str = ""
    whole: bool = False


def of(host: Host, path: str) -> Medium:
    """The medium below a folder; what cannot be told costs the connection, never the scan."""
    try:
        if host.platform == "linux":
            return _linux(host, path)
        if host.platform == "windows":
            return _windows(host, path)
    except CannotLook:
        return Medium()
    return Medium()


def _linux(host: Host, path: str) -> Medium:
    roots = _roots(host)
    place = max((one for one in roots if _below(path, one)), key=len, default="")
    for drive in block_devices(host):
        parts = list(_parts(drive))
        if not any(place in part.mounts for part in parts):
            continue
        whole = (
            path == place
            and roots[place] == "/"
            and len(parts) == 1
            and not any(_below(one, path) for one in roots if one != path)
        )
        return _told(attached.volume(host, drive.name), whole)
    return Medium()


def _parts(device: BlockDevice) -> Iterator[BlockDevice]:
    """What lies on a drive, innermost: through partitions and encryption."""
    if not device.children:
        yield device
    for child in device.children:
        yield from _parts(child)


def _roots(host: Host) -> dict[str, str]:
    """Mount point → which folder of its file system is mounted there; the last one counts."""
    text = read_text(host, MOUNTS, _LIMIT)
    if text is None:
        raise CannotLook("unsupported", MOUNTS)
    rows = (line.split(" ") for line in text.split("\n"))
    return {unescaped(row[4]): unescaped(row[3]) for row in rows if len(row) > 6}


def _below(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place.rstrip('/')}/")


def _windows(host: Host, path: str) -> Medium:
    if not _DRIVE.match(path):
        return Medium()
    volume, alone = windows_attached.volume(host, path[:3])
    return _told(volume, alone and len(path) == 3)


def _told(volume: Volume | None, whole: bool) -> Medium:
    return Medium() if volume is None else Medium(volume.id, volume.name, whole)
