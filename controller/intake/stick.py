"""Reads reports that were carried here on a stick, and lays the signed answers beside them (S16).

Traps: anybody may have prepared a stick. Every folder is opened by its descriptor and must be no
link, every file must be a regular one with one name and within the wire's limits; a link, a FIFO,
a device or a huge file is left alone and said so, other people's files are not even opened. Names
from a stick are hostile strings (O17, O36).
"""

import errno
import os
import stat as st
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Self

from wire import limits, stick

_CAREFULLY: Final = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _CAREFULLY


class RefusedFileError(Exception):
    """Something on the stick that is not opened; the text says why."""


class Found(NamedTuple):
    """One place on the stick: a report's folder, or why it is left alone."""

    device: str
    name: str
    folder: "Folder | None"
    why: str = ""


class Folder:
    """A folder held by its descriptor, so that nobody can put a link in its place meanwhile."""

    def __init__(self, path: Path | str, inside: int | None = None) -> None:
        """Raises OSError. The one a person named may be a link, one inside another may not."""
        flags = _FOLDER if inside is not None else _FOLDER & ~getattr(os, "O_NOFOLLOW", 0)
        self._opened = os.open(path, flags, dir_fd=inside)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        os.close(self._opened)

    def names(self, most: int) -> list[str]:
        """What is in it, at most so many, in order."""
        with os.scandir(self._opened) as found:
            return sorted(entry.name for entry in islice(found, most))

    def enter(self, name: str) -> "Folder":
        """A folder in it. Raises RefusedFileError."""
        try:
            return Folder(name, self._opened)
        except OSError as error:
            raise RefusedFileError(_why(error)) from error

    def read(self, name: str, limit: int) -> bytes | None:
        """A regular file of at most `limit` bytes; None if there is none. Raises
        RefusedFileError."""
        try:
            opened = os.open(name, os.O_RDONLY | _CAREFULLY, dir_fd=self._opened)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RefusedFileError(_why(error)) from error
        info = os.fstat(opened)
        if not st.S_ISREG(info.st_mode) or info.st_nlink > 1:
            os.close(opened)
            raise RefusedFileError("not a plain file of its own")
        with os.fdopen(opened, "rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise RefusedFileError("larger than agreed")
        return data

    def write(self, name: str, data: bytes) -> None:
        """A file, whole or not at all; whatever had its name is replaced. Raises OSError."""
        beside = f".{name}.new"
        self.remove(beside)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFULLY
        opened = os.open(beside, flags, 0o644, dir_fd=self._opened)
        with os.fdopen(opened, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, name, src_dir_fd=self._opened, dst_dir_fd=self._opened)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        try:
            os.unlink(name, dir_fd=self._opened)
        except FileNotFoundError:
            pass


def reports(source: Path) -> Iterator[Found]:
    """Every report on the stick by computer and number, and what is left alone.

    Raises OSError when `source` cannot be read, RefusedFileError when it holds no reports.
    """
    with Folder(source) as root, root.enter(stick.FOLDER) as top:
        for device in top.names(stick.DEVICES):
            if not stick.DEVICE.match(device):
                yield Found("", device, None, "not a computer's folder")
                continue
            try:
                with top.enter(device) as ours:
                    yield from _of(device, ours)
            except RefusedFileError as refused:
                yield Found(device, "", None, str(refused))


def _of(device: str, ours: Folder) -> Iterator[Found]:
    for name in ours.names(stick.REPORTS):
        if not stick.REPORT.match(name):
            yield Found(device, name, None, "not a report's folder")
            continue
        try:
            with ours.enter(name) as folder:
                yield Found(device, name, folder)
        except RefusedFileError as refused:
            yield Found(device, name, None, str(refused))


def envelope(folder: Folder) -> bytes:
    """The signed report. Raises RefusedFileError."""
    data = folder.read(stick.ENVELOPE, limits.ENVELOPE)
    if data is None:
        raise RefusedFileError("no report in it")
    return data


def body(folder: Folder, digest: str) -> bytes | None:
    """A body as it was packed; None if the stick does not hold it. Raises RefusedFileError."""
    return folder.read(stick.body_name(digest), limits.BODY_COMPRESSED)


def _why(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "a link, or no folder"
    if error.errno == errno.ENOENT:
        return "not there"
    return "cannot be opened"
