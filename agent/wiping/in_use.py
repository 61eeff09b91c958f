"""Who else uses a drive: what is mounted from it, swaps onto it, is built on it, or writes to it.

Sources: /proc/self/mountinfo (field 3 is major:minor), /proc/swaps, holders/ of the drive and its
partitions in sysfs, backing_file of loop devices, and of every process its open files with their
flags in /proc/PID/fdinfo. Root alone sees all processes. Whatever none of them tells (a file system
mounted elsewhere only), the kernel does when the drive is opened with O_EXCL.
"""

import os
import stat as st
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from checks.formats.mounts import unescaped
from checks.words import clean

_ACCESS: Final = 0o3  # O_ACCMODE


class Drive(msgspec.Struct, frozen=True):
    """What is to be read: its kernel name (`sda`, empty for a file), its number in the kernel's
    `8:0` form, those of its partitions, and its path with all links followed."""

    name: str
    number: str
    parts: dict[str, str]
    path: str


def why(drive: Drive, root: Path = Path("/")) -> str:
    """Why it may not be read now, as a sentence for whoever asked; empty: nothing is known of.

    `root`: where proc and sys are.
    """
    numbers = {drive.number, *drive.parts.values()} if drive.name else set()
    for sentence in (
        _mounted(numbers, root),
        _swapped_to({drive.name, *drive.parts} if drive.name else set(), drive.path, root),
        _built_on([drive.name, *drive.parts] if drive.name else [], root),
        _looped(drive.path, root),
        writer(drive, root),
    ):
        if sentence:
            return sentence
    return ""


def _mounted(numbers: set[str], root: Path) -> str:
    for line in _lines(root / "proc/self/mountinfo"):
        fields = line.split(" ")
        if len(fields) > 4 and fields[2] in numbers:
            place = clean(unescaped(fields[4]), 100)
            return f"It is mounted at {place}. Unmount it first: umount {place}"
    return ""


def _swapped_to(names: set[str], path: str, root: Path) -> str:
    for line in _lines(root / "proc/swaps")[1:]:
        swap = unescaped(line.split(" ")[0].split("\t")[0])
        if swap == path or (swap.startswith("/dev/") and swap.removeprefix("/dev/") in names):
            return f"This computer swaps onto it. End that first: swapoff {clean(swap, 100)}"
    return ""


def _built_on(names: list[str], root: Path) -> str:
    for name in names:
        for holder in _names(root / "sys/class/block" / name / "holders"):
            what = clean(_text(root / "sys/class/block" / holder / "dm/name")) or clean(holder)
            return (
                f"{what} is built on it (RAID, LVM or encryption). Take that apart first: "
                f"mdadm --stop, vgchange -an or cryptsetup close"
            )
    return ""


def _looped(path: str, root: Path) -> str:
    for name in _names(root / "sys/block"):
        below = root / "sys/block" / name
        backing = _text(below / "loop/backing_file")
        if backing and backing == path and _text(below / "ro") != "1":
            return (
                f"/dev/{name} stands on it and could write to it. Undo that: losetup -d /dev/{name}"
            )
    return ""


def writer(drive: Drive, root: Path = Path("/")) -> str:
    """Who has it, or a partition of it, open for writing, as a sentence; empty: nobody we see."""
    wanted = _identities(drive)
    for process in _names(root / "proc"):
        if process.isdecimal() and _writes(root / "proc" / process, wanted):
            name = clean(_text(root / "proc" / process / "comm")) or "a program"
            return f"{name} (process {process}) has it open for writing. End that first."
    return ""


def _identities(drive: Drive) -> set[tuple[int, ...]]:
    """Of block devices their number, of a file where it lies."""
    if drive.name:
        numbers = (number.split(":") for number in (drive.number, *drive.parts.values()))
        return {(os.makedev(int(major), int(minor)),) for major, minor in numbers}
    info = Path(drive.path).stat()
    return {(info.st_dev, info.st_ino)}


def _writes(process: Path, wanted: set[tuple[int, ...]]) -> bool:
    for number in _names(process / "fd"):
        # Flags first: what lies on a server that does not answer is not asked without need.
        if _flags(process / "fdinfo" / number) & _ACCESS == os.O_RDONLY:
            continue
        try:
            info = (process / "fd" / number).stat()
        except OSError:  # closed meanwhile
            continue
        is_block = st.S_ISBLK(info.st_mode)
        if ((info.st_rdev,) if is_block else (info.st_dev, info.st_ino)) in wanted:
            return True
    return False


def _flags(path: Path) -> int:
    for line in _lines(path):
        if line.startswith("flags:"):
            return int(line.split()[1], 8)
    return os.O_RDONLY


def _names(folder: Path) -> list[str]:
    try:
        return sorted(one.name for one in folder.iterdir())
    except OSError:
        return []


def _lines(path: Path) -> list[str]:
    return list(filter(None, _raw(path).split("\n")))


def _text(path: Path) -> str:
    return _raw(path).strip()


def _raw(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def parts(name: str, root: Path = Path("/")) -> Iterator[tuple[str, str]]:
    """Partitions of a drive, each with its number."""
    for below in _names(root / "sys/class/block" / name):
        folder = root / "sys/class/block" / name / below
        if (folder / "partition").exists():
            yield below, _text(folder / "dev")
