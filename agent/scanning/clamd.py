"""ClamAV by its daemon, which has its definitions in memory: it is handed one open file after the
other, and its answers hold no names.

We walk the folder ourselves: on its file system, through no link, regular files only (O32). Each is
opened here and handed over (`FILDES`, clamd(8)), so the daemon needs no right to read it, and
nobody can put another file in its place. It answers `fd[7]: OK`, `fd[7]: NAME FOUND` or
`fd[7]: … ERROR`; the name is one of its definitions'. Trap: a file above its `MaxFileSize` is OK.
"""

import os
import re
import stat as st
from collections.abc import Iterator
from typing import Final

from agent.hosts import sockets
from agent.scanning import counting
from agent.scanning.result import SHOWN, Bad, Result, Told, Tree
from checks.antivirus import clamav
from checks.formats import clamd_conf
from checks.host import CannotLook, Host, attempt
from checks.unseen import Unseen

_ANSWER: Final = re.compile(rb"fd\[[0-9]+\]: (?:(OK)|([!-~]{1,120}) FOUND|.{0,500} ERROR)\0?")
_SIZE: Final = re.compile(r"([0-9]{1,12})([KM]?)", re.IGNORECASE)
_DEFAULT: Final = 100 << 20
"""`MaxFileSize` where nothing is set, since ClamAV 0.105."""
_FILE: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
PATIENCE: Final = 300
"""Seconds for one file; its own limit is 120."""


class Clamd:
    """A daemon that answers."""

    product: Final = "clamav"
    name: Final = "ClamAV"

    def __init__(self, socket: str, largest: int) -> None:
        """`largest`: bytes of the largest file it looks into."""
        self.socket = socket
        self.largest = largest

    def scan(self, tree: Tree, told: Told) -> Result:
        """Hand over each file."""
        from time import monotonic

        until = monotonic() + tree.seconds
        files = skipped = threats = 0
        bad: list[Bad] = []
        for path, opened in opened_below(tree.path):
            if opened is None:
                skipped += 1
                continue
            try:
                if monotonic() > until:
                    raise CannotLook("timeout", "clamd")
                large = os.fstat(opened).st_size > self.largest
                threat = None if large else self._ask(opened, until - monotonic())
            finally:
                os.close(opened)
            if threat is None:
                skipped += 1
            else:
                files += 1
                threats += bool(threat)
                if threat and len(bad) < SHOWN:
                    bad.append(Bad(path, threat))
            told(files + skipped)
        return Result("found" if threats else "clean", files, threats, skipped, bad)

    def _ask(self, opened: int, seconds: float) -> str | None:
        """What is in it, "" for nothing; None where it could not look. Raises CannotLook."""
        patience = max(1.0, min(PATIENCE, seconds))
        answer = sockets.hand_over(self.socket, b"zFILDES\0", opened, patience)
        said = _ANSWER.fullmatch(answer)
        if said is None:
            raise CannotLook("parse-error", "clamd")
        if said[1]:
            return ""
        return said[2].decode("ascii") if said[2] else None


def running(host: Host) -> Clamd | None:
    """The daemon, where one answers that says what it leaves out."""
    options = attempt(clamav.clamd_options, host)
    if isinstance(options, Unseen):
        return None
    socket = clamd_conf.text(options, "LocalSocket")
    largest = _bytes(clamd_conf.text(options, "MaxFileSize"))
    if not socket.startswith("/") or largest is None:
        return None
    said = attempt(host.ask, socket, b"zPING\0", 64)
    return Clamd(socket, largest) if said == b"PONG\0" else None


def _bytes(text: str) -> int | None:
    """A size of clamd.conf; 0 is without a limit, and then no file above 2 GiB is looked into."""
    if not text:
        return _DEFAULT
    said = _SIZE.fullmatch(text)
    if said is None:
        return None
    size = int(said[1]) << {"": 0, "K": 10, "M": 20}[said[2].upper()]
    return min(size or 1 << 31, (1 << 31) - 1)


def opened_below(path: str) -> Iterator[tuple[str, int | None]]:
    """Every regular file that holds anything, opened; None where one or a folder is shut.

    Whoever takes a descriptor closes it.
    """
    folder = os.open(path, _FOLDER)
    try:
        yield from _below(folder, path, os.fstat(folder).st_dev, 0)
    finally:
        os.close(folder)


def _below(folder: int, path: str, device: int, depth: int) -> Iterator[tuple[str, int | None]]:
    try:
        names = os.listdir(folder)
    except OSError:
        yield path, None
        return
    for name in names:
        where = os.path.join(path, name)  # noqa: PTH118  (any bytes may be in it)
        try:
            info = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if info.st_dev != device or not (st.S_ISREG(info.st_mode) or st.S_ISDIR(info.st_mode)):
                continue
            if st.S_ISREG(info.st_mode) and not info.st_size:
                continue
            inside = st.S_ISDIR(info.st_mode)
            if inside and depth + 1 >= counting.DEEPEST:
                yield where, None
                continue
            opened = os.open(name, _FOLDER if inside else _FILE, dir_fd=folder)
        except OSError:
            yield where, None
            continue
        if not inside:
            yield from _checked(where, opened, device)
            continue
        try:
            if os.fstat(opened).st_dev == device:
                yield from _below(opened, where, device, depth + 1)
        finally:
            os.close(opened)


def _checked(where: str, opened: int, device: int) -> Iterator[tuple[str, int | None]]:
    """Look again at what was opened: it may have been swapped for something else."""
    info = os.fstat(opened)
    if st.S_ISREG(info.st_mode) and info.st_dev == device:
        yield where, opened
        return
    os.close(opened)
    yield where, None
