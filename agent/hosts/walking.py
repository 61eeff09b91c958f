"""Opens files in places a user may control without ever being led elsewhere (O17).

The path is walked one component at a time. A symbolic link is followed only while every
folder so far belongs to root and only root can write to it; from the first folder a user
could change, a link is refused. Only regular files are opened, so a FIFO or a device can
neither hang nor surprise a reader.
"""

import errno
import os
import stat as st
from collections.abc import Iterator
from contextlib import contextmanager

from checks.host import CannotLook
from checks.unseen import Reason

# Names that a system does not have count as nothing, so that this module loads anywhere; the local
# host
# asks it nothing on Windows.
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | _DIRECTORY | _NOFOLLOW
_FILE = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_MAX_LINKS = 40
_MISSING = (errno.ENOENT, errno.ENOTDIR)


class MissingError(Exception):
    """There is nothing at that path."""


@contextmanager
def parent_of(path: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (descriptor of the folder, last name, whether only root could have written the way
    there).

    Raises MissingError, or CannotLook("denied") for a link planted on the way.
    """
    if not path.startswith("/") or "\0" in path:
        raise CannotLook("unsupported", "a path must be absolute")
    parts = _parts(path)
    here, trusted, links = _root(), True, 0
    try:
        while len(parts) > 1:
            name = parts.pop(0)
            there = _enter(name, here)
            if there is None:
                target = _link_target(here, name)
                if target is None:
                    raise MissingError(name)
                links += 1
                if not trusted or links > _MAX_LINKS:
                    raise CannotLook("denied", f"a link in a place users can write: {path}")
                if target.startswith("/"):
                    os.close(here)
                    here, trusted = _root(), True
                parts[:0] = _parts(target)
                continue
            os.close(here)
            here = there
            trusted = trusted and only_root_writes(os.fstat(here))
        yield here, parts[0] if parts else ".", trusted
    finally:
        os.close(here)


def open_file(path: str) -> int:
    """A descriptor of a regular file. Raises MissingError or CannotLook."""
    for _ in range(_MAX_LINKS):
        with parent_of(path) as (folder, name, trusted):
            info = _look(name, folder, path)
            if not st.S_ISLNK(info.st_mode):
                if not trusted and info.st_nlink > 1 and info.st_uid != os.fstat(folder).st_uid:
                    raise CannotLook("denied", f"a second name for somebody else's file: {path}")
                return _regular(info, folder, name, path)
            if not trusted:
                raise CannotLook("denied", f"a link in a place users can write: {path}")
            target = _link_target(folder, name)
            if target is None:
                raise CannotLook("denied", f"it changes while we look: {path}")
            path = target if target.startswith("/") else f"{path.rpartition('/')[0]}/{target}"
    raise CannotLook("denied", f"too many links: {path}")


def only_root_could_change(path: str) -> bool:
    """Whether root alone decides what lies at a path, links on the way and the file included.

    Root may run only such a program: anybody who can change it would be root (O17). Raises
    MissingError, or CannotLook for a link that somebody else planted.
    """
    for _ in range(_MAX_LINKS):
        with parent_of(path) as (folder, name, trusted):
            info = _look(name, folder, path)
            if not st.S_ISLNK(info.st_mode):
                return trusted and only_root_writes(info)
            target = _link_target(folder, name)
            if not trusted or target is None:
                return False
            path = target if target.startswith("/") else f"{path.rpartition('/')[0]}/{target}"
    return False


def open_folder(path: str) -> int:
    """A descriptor to list a folder by. Raises MissingError or CannotLook."""
    with parent_of(f"{path.rstrip('/')}/.") as (folder, _, _trusted):
        return _open(".", os.O_RDONLY | _DIRECTORY, folder)


def only_root_writes(info: os.stat_result) -> bool:
    """Whether nobody but root can change a folder's entries."""
    if info.st_uid != 0 or info.st_mode & st.S_IWOTH:
        return False
    return not (info.st_mode & st.S_IWGRP and info.st_gid != 0)


def cannot(error: OSError, what: str) -> CannotLook:
    """The reason behind an operating system's refusal."""
    reasons: dict[int | None, Reason] = {
        errno.EACCES: "denied",
        errno.EPERM: "denied",
        errno.ELOOP: "denied",
        errno.EROFS: "denied",
        errno.EFBIG: "too-large",
        errno.ENAMETOOLONG: "too-large",
        errno.ETIMEDOUT: "timeout",
    }
    return CannotLook(reasons.get(error.errno, "unsupported"), f"{what}: {error.strerror}")


def _parts(path: str) -> list[str]:
    """`..` is kept: inside an open folder it means the
    folder's true parent, as the kernel has it."""
    return [part for part in path.split("/") if part and part != "."] + (
        ["."] if path.endswith("/.") else []
    )


def _root() -> int:
    return os.open("/", _FOLDER)


def _open(name: str, flags: int, folder: int) -> int:
    try:
        return os.open(name, flags, dir_fd=folder)
    except OSError as error:
        if error.errno in _MISSING:
            raise MissingError(name) from error
        raise cannot(error, name) from error


def _link_target(folder: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.EINVAL:
            return None
        if error.errno in _MISSING:
            raise MissingError(name) from error
        raise cannot(error, name) from error


def _enter(name: str, folder: int) -> int | None:
    """Open a folder inside a folder; None if it is a link or no folder.

    Asked before `_link_target`, because nearly every component is a folder.
    """
    try:
        return os.open(name, _FOLDER, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            return None
        if error.errno in _MISSING:
            raise MissingError(name) from error
        raise cannot(error, name) from error


def _look(name: str, folder: int, path: str) -> os.stat_result:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno in _MISSING:
            raise MissingError(name) from error
        raise cannot(error, path) from error


def _regular(before: os.stat_result, folder: int, name: str, path: str) -> int:
    """Look before opening (`before`): opening a device can rewind a tape;
    look again, because it may be swapped."""
    if not st.S_ISREG(before.st_mode):
        raise CannotLook("denied", f"not a regular file: {path}")
    opened = _open(name, _FILE, folder)
    if not st.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise CannotLook("denied", f"not a regular file: {path}")
    return opened
