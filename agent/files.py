"""Files that survive a power cut: written beside, flushed, renamed into place, the folder flushed.

`step` is called at every point where a crash would leave something half done; it does nothing here,
and the crash tests replace it to kill the process at exactly that point.
"""

import errno
import os
import shutil
import stat as st
from collections.abc import Callable
from pathlib import Path

_CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _nothing(_: str) -> None:
    """What a step is outside the crash tests."""


step: Callable[[str], None] = _nothing


def make_folder(path: Path, mode: int = 0o700) -> None:
    """Create a folder and its parents with `mode`, whatever the umask."""
    if not path.is_dir():
        make_folder_parents(path)
        path.mkdir(mode=mode, exist_ok=True)
        path.chmod(mode)


def share_like(path: Path, example: Path) -> None:
    """Give a new folder and its files the group of `example`, if that one is shared (setgid)."""
    info = example.stat()
    if not info.st_mode & st.S_ISGID:
        return
    try:
        folder = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
    except NotADirectoryError:
        return  # a link: whoever may write beside it put it there
    try:
        for name in os.listdir(folder):  # noqa: PTH208  (by descriptor; a path could be swapped)
            share_file(name, info.st_gid, folder)
        os.fchown(folder, -1, info.st_gid)
        os.fchmod(folder, 0o770)  # no setgid bit of its own: the service may not set any
    finally:
        os.close(folder)


def share_file(path: Path | str, gid: int, folder: int | None = None) -> None:
    """Let a group read a file of ours.

    Links, devices and files with a second name are left alone: root does this in a place the group
    may write to, and must not be led to hand over another file (O17).
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC | _CAREFULLY, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOENT, errno.ENXIO):
            return
        raise
    try:
        info = os.fstat(opened)
        if st.S_ISREG(info.st_mode) and info.st_nlink == 1:
            os.fchown(opened, -1, gid)
            os.fchmod(opened, 0o640)
    finally:
        os.close(opened)


def make_folder_parents(path: Path) -> None:
    """Create missing parents, 0700."""
    if not path.parent.is_dir():
        make_folder(path.parent)


def write_new(path: Path, data: bytes, mode: int = 0o600, gid: int = -1) -> None:
    """Write and flush a file that nobody looks at yet.

    Raises OSError, and then leaves no half file.
    """
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(opened, view) :]
            if hasattr(os, "fchmod"):
                os.fchmod(opened, mode)  # whatever the umask
            if gid != -1:
                os.fchown(opened, -1, gid)  # by descriptor: a path could be swapped
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never a mixture.

    Without a `mode` it is the owner's alone, and in a folder shared with the sender its group's to
    read.
    """
    gid = -1
    if mode is None:
        folder = path.parent.stat()
        shared = bool(folder.st_mode & (st.S_ISGID | st.S_IWGRP))
        mode, gid = (0o640, folder.st_gid) if shared else (0o600, -1)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    write_new(beside, data, mode, gid)
    step(f"replace:{path.name}:written")
    beside.replace(path)
    step(f"replace:{path.name}:renamed")
    sync_folder(path.parent)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder into place and flush both folders."""
    source.rename(target)
    step(f"move:{target.parent.name}")
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def sync_folder(path: Path) -> None:
    """Flush a folder's entries to disk (a no-op where folders cannot be opened)."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except PermissionError:
        return  # Windows cannot open a folder; its rename is ordered by the file system's journal
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read_or_none(path: Path, limit: int) -> bytes | None:
    """At most `limit` bytes of a regular file; None if it is missing or nothing that we wrote.

    The sender may write into the spool and the reader is root, so a link or a FIFO put there in
    place of a file must lead nowhere and hold nobody up (O17).
    """
    try:
        opened = os.open(path, os.O_RDONLY | _CAREFULLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None
        raise
    if not st.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        return None
    with os.fdopen(opened, "rb") as file:
        data = file.read(limit + 1)
    return None if len(data) > limit else data


def remove_folder(path: Path) -> None:
    """Delete a folder that is ours; renamed first, so that a
    crash leaves no half entry under its name."""
    doomed = path.with_name(f".gone-{path.name}")
    shutil.rmtree(doomed, ignore_errors=True)
    path.rename(doomed)
    step("remove:renamed")
    shutil.rmtree(doomed)
