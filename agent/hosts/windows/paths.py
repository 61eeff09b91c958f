"""Which paths may be asked for, and how a file is read in places a user may control (O17).

No part of a path may be a reparse point: links and junctions lead elsewhere, and a file that lies
in somebody's cloud would be fetched. Windows cannot open relative to an open folder from Python, so
what was opened is compared with what was looked at: swapped meanwhile, it is refused.
"""

import errno
import os
import stat as st
from pathlib import PureWindowsPath
from typing import Final, Protocol

from checks.host import CannotLook

REPARSE: Final = 0x400
"""FILE_ATTRIBUTE_REPARSE_POINT"""
_RESERVED: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}
    | {f"{name}{digit}" for name in ("COM", "LPT") for digit in "0123456789¹²³"}
)
_FORBIDDEN: Final = frozenset('<>:"|?*')
_PRIVILEGE_NOT_HELD: Final = 1314


class System(Protocol):
    """The part of `os` used here."""

    def lstat(self, path: str) -> os.stat_result:
        """What a path is, unfollowed."""

    def open(self, path: str, flags: int) -> int:
        """A descriptor."""

    def fstat(self, opened: int) -> os.stat_result:
        """What was opened."""

    def listdir(self, path: str) -> list[str]:
        """Names in a folder."""


def parts(path: str) -> list[str]:
    r"""A path and all folders above it, the drive first. Raises CannotLook.

    Only `C:\…`: no shares, no devices, no streams, no short cuts through `..`, no name that
    Windows would quietly change.
    """
    split = PureWindowsPath(path)
    names = split.parts[1:]
    drive = split.drive
    sound = len(drive) == 2 and drive[0].isascii() and drive[0].isalpha() and split.root == "\\"
    if not sound or any(not _plain(name) for name in names) or len(path) > 4096:
        raise CannotLook("unsupported", "a path must be absolute and plain")
    found = [f"{drive}\\"]
    for name in names:
        found.append(found[-1].rstrip("\\") + "\\" + name)
    return found


def _plain(name: str) -> bool:
    stem = name.partition(".")[0].rstrip(" ").upper()
    if name in (".", "..") or name != name.rstrip(". ") or stem in _RESERVED:
        return False
    return not any(letter in _FORBIDDEN or ord(letter) < 32 for letter in name)


def look(path: str, system: System) -> os.stat_result | None:
    """What a path is; None if there is nothing. Raises CannotLook if a link is on the way to it."""
    *way, last = parts(path)
    try:
        for folder in way:
            info = system.lstat(folder)
            if is_link(info):
                raise CannotLook("denied", f"a link on the way to {path}")
            if not st.S_ISDIR(info.st_mode):
                return None
        return system.lstat(last)
    except OSError as error:
        if gone(error):
            return None
        raise refused(error, path) from error


def read(path: str, limit: int, system: System) -> bytes | None:
    """The bytes of a regular file; None if there is none. Raises CannotLook."""
    before = look(path, system)
    if before is None:
        return None
    if is_link(before) or not st.S_ISREG(before.st_mode):
        raise CannotLook("denied", f"not a regular file: {path}")
    if before.st_size > limit:
        raise CannotLook("too-large", path)
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
    try:
        opened = system.open(parts(path)[-1], flags)
    except OSError as error:
        if gone(error):
            return None
        raise refused(error, path) from error
    with os.fdopen(opened, "rb") as file:
        after = system.fstat(opened)
        if (after.st_dev, after.st_ino) != (before.st_dev, before.st_ino):
            raise CannotLook("denied", f"it changes while we look: {path}")
        try:
            data = file.read(limit + 1)
        except OSError as error:
            raise refused(error, path) from error
    if len(data) > limit:
        raise CannotLook("too-large", path)
    return data


def names(path: str, system: System, most: int) -> list[str] | None:
    """Sorted names in a folder; None if there is none. Raises CannotLook."""
    info = look(path, system)
    if info is None or not (is_link(info) or st.S_ISDIR(info.st_mode)):
        return None
    if is_link(info):
        raise CannotLook("denied", f"a link: {path}")
    try:
        found = system.listdir(parts(path)[-1])
    except OSError as error:
        if gone(error):
            return None
        raise refused(error, path) from error
    if len(found) > most:
        raise CannotLook("too-large", path)
    return sorted(one.encode("utf-8", "replace").decode() for one in found)


def is_link(info: os.stat_result) -> bool:
    """A symbolic link, a junction, or a file that lies elsewhere."""
    return bool(getattr(info, "st_file_attributes", 0) & REPARSE) or st.S_ISLNK(info.st_mode)


def gone(error: OSError) -> bool:
    """Whether there is nothing at that path."""
    return error.errno in (errno.ENOENT, errno.ENOTDIR)


def refused(error: OSError, path: str) -> CannotLook:
    """The reason behind a refusal of Windows."""
    denied = error.errno in (errno.EACCES, errno.EPERM)
    denied = denied or getattr(error, "winerror", None) == _PRIVILEGE_NOT_HELD
    return CannotLook("denied" if denied else "unsupported", path)
