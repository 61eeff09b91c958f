"""Opens what is to be read back, and only for reading; says of it what the kernel says.

Opened with O_RDONLY and, a drive, with O_EXCL: the kernel then refuses while a file system, swap,
RAID or LVM holds it, and refuses those while we do. O_DIRECT where the system has it, so that the
drive is read and not this computer's memory of it. Linux only.
"""

import errno
import os
import stat as st
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent.wiping import in_use
from agent.wiping.in_use import Drive

_SIZE64: Final = 0x80081272
"""BLKGETSIZE64 of linux/fs.h: bytes, where a `long` has 8 bytes."""
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_DIRECT: Final = getattr(os, "O_DIRECT", 0)
_SYS: Final = Path("/sys/class/block")


class RefusedError(Exception):
    """It may not or cannot be read; the sentence says what to do. `usage`: asked for wrongly."""

    def __init__(self, sentence: str, *, usage: bool = False) -> None:
        """The sentence is for the person who asked."""
        super().__init__(sentence)
        self.usage = usage


class Target(msgspec.Struct):
    """An open drive, partition or image. `direct` is taken back by whoever finds it impossible."""

    drive: Drive
    what: Literal["drive", "partition", "image"]
    fd: int
    size: int
    direct: bool
    mark: tuple[int | str, ...]
    """Which one it was when it was opened."""
    written: tuple[int, ...]
    """What the kernel had counted as written to it when it was opened."""

    def size_now(self) -> int:
        """What the kernel says now, in bytes. Raises OSError."""
        return _size(self.fd, is_file=self.what == "image")

    def same(self) -> bool:
        """Whether what stands under its name is still what was opened."""
        try:
            return _mark(self.drive) == self.mark
        except OSError:
            return False

    def untouched(self) -> bool:
        """Whether, as far as the kernel counts, nothing was written to it since. What others wrote
        and the system still holds back goes onto it for that; we ourselves have nothing to write.
        """
        try:
            os.fsync(self.fd)
            return _written(self.drive) == self.written
        except OSError:
            return False

    def without_direct(self) -> None:
        """Read through the computer's memory from now on."""
        import fcntl

        fcntl.fcntl(self.fd, fcntl.F_SETFL, fcntl.fcntl(self.fd, fcntl.F_GETFL) & ~_DIRECT)
        self.direct = False


@contextmanager
def opened(path: str, *, image: bool = False, partition: bool = False) -> Iterator[Target]:
    """Open it, whole, or say why not. Raises RefusedError, OSError."""
    drive, what = _found(os.path.realpath(path))
    _fits(drive, what, image=image, partition=partition)
    if sentence := in_use.why(drive):
        raise RefusedError(sentence)
    mark = _mark(drive)
    fd, direct = _open(drive, exclusive=what != "image")
    try:
        os.fsync(fd)  # what others wrote before, and the system still holds back, is on it now
        written = _written(drive)
        size = _size(fd, is_file=what == "image")
        if not size:
            raise RefusedError(f"{path} is empty: nothing to read, and nothing to prove.")
        if _mark_of(os.fstat(fd)) != mark[:2]:
            raise RefusedError(f"{path} was exchanged while it was opened. Try again.")
        yield Target(drive, what, fd, size, direct, mark, written)
    finally:
        os.close(fd)


def _found(path: str) -> tuple[Drive, Literal["drive", "partition", "image"]]:
    try:
        info = os.lstat(path)
    except OSError as error:
        raise RefusedError(f"There is no {path}.") from error
    if st.S_ISREG(info.st_mode):
        return Drive("", "", {}, path), "image"
    if not st.S_ISBLK(info.st_mode):
        what = "a folder" if st.S_ISDIR(info.st_mode) else "no drive"
        raise RefusedError(f"{path} is {what}. Name the drive, such as /dev/sdb.", usage=True)
    number = f"{os.major(info.st_rdev)}:{os.minor(info.st_rdev)}"
    name = Path(os.path.realpath(f"/sys/dev/block/{number}")).name
    drive = Drive(name, number, dict(in_use.parts(name)), path)
    return drive, "partition" if (_SYS / name / "partition").exists() else "drive"


def _fits(drive: Drive, what: str, *, image: bool, partition: bool) -> None:
    """Only what was asked for by its kind is read, so that nobody takes a part for the whole."""
    if what == "image" and not image:
        say = f"{drive.path} is a file. A copy of a drive is read with --image; it proves no drive."
        raise RefusedError(say, usage=True)
    if what != "image" and image:
        raise RefusedError(f"{drive.path} is no file: leave --image away.", usage=True)
    if what == "partition" and not partition:
        raise RefusedError(
            f"{drive.path} is one partition of a drive. Name the whole drive, or add --partition, "
            "which proves nothing about the rest.",
            usage=True,
        )
    if what == "drive" and partition:
        raise RefusedError(f"{drive.path} is a whole drive: leave --partition away.", usage=True)
    if what == "drive" and any((_SYS / drive.name / "slaves").glob("*")):
        raise RefusedError(
            f"{drive.path} is made of other drives. Name each of those instead.", usage=True
        )


def _open(drive: Drive, *, exclusive: bool) -> tuple[int, bool]:
    flags = _FLAGS | (os.O_EXCL if exclusive else 0)
    try:
        try:
            return os.open(drive.path, flags | _DIRECT), bool(_DIRECT)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            return os.open(drive.path, flags), False
    except OSError as error:
        raise RefusedError(_cannot_open(drive.path, error)) from error


def _cannot_open(path: str, error: OSError) -> str:
    match error.errno:
        case errno.EBUSY:
            return f"{path} is in use: mounted, swapped onto, or part of something. Free it first."
        case errno.EACCES | errno.EPERM:
            return f"{path} may be read by an administrator only. Run this with sudo."
        case number if number == getattr(errno, "ENOMEDIUM", None):
            return f"There is no medium in {path}."
        case _:
            return f"{path} cannot be opened: {error.strerror}."


def _size(fd: int, *, is_file: bool) -> int:
    if is_file:
        return os.fstat(fd).st_size
    import fcntl

    answer = fcntl.ioctl(fd, _SIZE64, bytes(8))
    return int(struct.unpack("=Q", answer)[0])


def _mark(drive: Drive) -> tuple[int | str, ...]:
    """Number of the node, and `diskseq` (Linux 5.15), which counts every medium ever attached."""
    marks = _mark_of(Path(drive.path).stat())
    if not drive.name:
        return marks
    whole = (_SYS / drive.name).resolve()
    place = whole if (whole / "diskseq").exists() else whole.parent
    return (*marks, _number(place / "diskseq"))


def _mark_of(info: os.stat_result) -> tuple[int, int]:
    """Where it lies for a file, else the number of the drive."""
    return (0, info.st_rdev) if st.S_ISBLK(info.st_mode) else (info.st_dev, info.st_ino)


def _written(drive: Drive) -> tuple[int, ...]:
    """Sectors written and discarded so far (Documentation/block/stat.rst); to have a drive write
    down what it holds back counts as a write, but as none of a sector."""
    if not drive.name:
        return (Path(drive.path).stat().st_mtime_ns,)
    counted = _number(_SYS / drive.name / "stat").split()
    return tuple(int(counted[n]) for n in (6, 13) if n < len(counted))


def _number(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""
