"""Reads pieces of an open drive one after the other, the next one while this one is looked at.

What cannot be read as asked is an error, never a shorter piece: a verification fails closed.
"""

import ctypes
import errno
import functools
import mmap
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, cast

from agent.wiping.target import Target
from checks.media_wipes import Why

PIECE: Final = 2 << 20
"""Bytes read at once: smaller ones cost more calls, larger ones memory (docs/performance.md)."""
_PAGE: Final = 4096
_GONE: Final = (errno.ENODEV, errno.ENXIO, getattr(errno, "ENOMEDIUM", errno.ENODEV))


class ReadingError(Exception):
    """It could not be read there."""

    def __init__(self, why: Why, offset: int) -> None:
        """`offset`: from where on."""
        super().__init__(f"{why} at {offset}")
        self.why: Why = why
        self.offset = offset


class Piece:
    """Room for one piece, on a page's border as O_DIRECT wants it."""

    def __init__(self, room: int) -> None:
        """`room`: bytes, whole pages."""
        self._room = mmap.mmap(-1, room)
        self._view = memoryview(self._room)
        self._first = ctypes.c_char.from_buffer(self._room)  # keeps the room where it is
        self._address = ctypes.addressof(self._first)
        self.offset = 0
        self.size = 0

    def read(self, target: Target, offset: int, size: int) -> "Piece":
        """Fill it. Raises ReadingError for anything but `size` bytes."""
        self.offset, self.size = offset, size
        try:
            got = self._got(target, size)
        except OSError as error:
            why: Why = "vanished" if error.errno in _GONE else "io-error"
            raise ReadingError(why, offset) from error
        if got != size:
            raise ReadingError("short-read", offset + got)
        if not target.direct:
            _let_go(target, offset, size)
        return self

    def _got(self, target: Target, size: int) -> int:
        # A file's last bytes may be no whole sector: O_DIRECT asks for more and gets the rest.
        asked = -(-size // _PAGE) * _PAGE if target.what == "image" else size
        try:
            return min(size, os.preadv(target.fd, [self._view[:asked]], self.offset))
        except OSError as error:
            if error.errno != errno.EINVAL or not target.direct:
                raise
        target.without_direct()
        _let_go(target, 0, target.size)  # or what the computer remembers would be read
        return min(size, os.preadv(target.fd, [self._view[:asked]], self.offset))

    def holds(self, unit: bytes) -> bool:
        """Whether it is `unit` over and over: compared once, and then with itself moved on."""
        first = min(len(unit), self.size)
        if self._view[:first].tobytes() != unit[:first]:
            return False
        rest = self.size - first
        return not rest or not _memcmp()(self._address, self._address + first, rest)

    def data(self) -> bytes:
        """A copy of it."""
        return self._view[: self.size].tobytes()


def pieces(target: Target, wanted: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    """Each (offset, size) in turn, of PIECE bytes at most. One is good until the next is asked for.

    Raises ReadingError.
    """
    if not target.direct:
        _let_go(target, 0, target.size)
    rooms = (Piece(PIECE), Piece(PIECE))
    with ThreadPoolExecutor(1) as ahead:
        coming: Future[Piece] | None = None
        for number, (offset, size) in enumerate(wanted):
            ready, coming = coming, ahead.submit(rooms[number % 2].read, target, offset, size)
            if ready is not None:
                yield ready.result()
        if coming is not None:
            yield coming.result()


def nothing_behind(target: Target) -> bool:
    """Whether the drive ends where the kernel says. Raises ReadingError."""
    beyond = -(-target.size // _PAGE) * _PAGE if target.what == "image" else target.size
    try:
        return not os.preadv(target.fd, [mmap.mmap(-1, _PAGE)], beyond)
    except OSError:
        return True  # it refuses to be read there


def _let_go(target: Target, offset: int, size: int) -> None:
    os.posix_fadvise(target.fd, offset, size, os.POSIX_FADV_DONTNEED)


@functools.cache
def _memcmp() -> Callable[[int, int, int], int]:
    """The C library's, found when it is needed: Windows has it elsewhere."""
    found = ctypes.CDLL(None).memcmp
    found.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
    found.restype = ctypes.c_int
    return cast("Callable[[int, int, int], int]", found)
