"""The logs of a registry file, `NAME.LOG1` and `.LOG2`: what Windows had not yet written into it.

The form of Windows 8.1 and later: entries with a number, each holding pages of the file, under two
checksums. Both logs are used in turn, so entries of both are joined by their numbers. Trap: an
entry that was not finished, or is left over from an earlier round, follows the good ones; its
checksum or number tells. The form of before (`DIRT`) is named and not replayed: there was no file
of a real machine to try it with.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, Literal

import msgspec

from checks.formats import packed
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 26
MOST: Final = 20_000
"""Entries of a log, and pages of an entry."""

_BASE: Final = 4096
_SECTOR: Final = 512
_PAIR: Final = struct.Struct("<II")
_ENTRY: Final = struct.Struct("<4sIIIIIQQ")
_WORD: Final = 0xFFFFFFFF
_LOW, _HIGH = 0x7A4E55C5, 0x82EF4D88
"""What Windows begins its checksums with."""


class Entry(msgspec.Struct, frozen=True):
    """One entry of a log."""

    number: int
    hive_bytes: int
    """How long the file's own data is after it."""
    pages: int
    page_bytes: int


class Log(msgspec.Struct, frozen=True):
    """A log, as far as its checksums hold."""

    form: Literal["entries", "pages"]
    """`pages`: the form before Windows 8.1, which is not read on."""
    name: str
    """The end of the path of the file it belongs to."""
    number: int
    entries: list[Entry]


class Replayed(msgspec.Struct, frozen=True):
    """A registry file with what its logs add."""

    data: bytes
    entries: int
    """How many were written into it; 0: it is as it was."""


class _Pages(msgspec.Struct, frozen=True):
    """An entry with where its pages go and what they hold."""

    entry: Entry
    pages: list[tuple[int, memoryview]]


def parse(data: bytes) -> Log:
    """Read a log, or one packed with xz. Raises ParseError."""
    data = packed.plain(data, LONGEST)
    number = _head(data)
    name = data[48:112].decode("utf-16-le", "replace").partition("\0")[0]
    form: Literal["entries", "pages"] = "pages" if data[512:516] == b"DIRT" else "entries"
    return Log(form, name, number, [one.entry for one in _entries(data)])


def replay(data: bytes, logs: Sequence[bytes]) -> Replayed:
    """Write into a file what Windows would at its next start: entries whose numbers join on to it.

    A file that Windows closed needs none. Logs that are none are passed over; after a gap nothing
    is written, since pages of different times would stand side by side.
    """
    if len(data) < _BASE or not data.startswith(b"regf"):
        return Replayed(data, 0)
    first, second = _PAIR.unpack_from(data, 4)
    found = {} if first == second else _joined(logs)
    room = len(data) + sum(len(log) for log in logs)
    whole = bytearray(data)
    number = second if second in found else first
    count = 0
    while (one := found.get(number)) is not None and _BASE + one.entry.hive_bytes <= room:
        whole.extend(bytes(max(0, _BASE + one.entry.hive_bytes - len(whole))))
        for at, page in one.pages:
            whole[_BASE + at : _BASE + at + len(page)] = page
        struct.pack_into("<I", whole, 40, one.entry.hive_bytes)
        number += 1
        count += 1
    if count and not any(left >= number for left in found):
        _PAIR.pack_into(whole, 4, number, number)
    return Replayed(bytes(whole), count)


def _joined(logs: Sequence[bytes]) -> dict[int, _Pages]:
    """Entries of all logs by their numbers; the first log with a number has it."""
    found: dict[int, _Pages] = {}
    for log in logs:
        try:
            plain = packed.plain(log, LONGEST)
            _head(plain)
        except ParseError:
            continue
        for one in _entries(plain):
            found.setdefault(one.entry.number, one)
    return found


def _head(data: bytes) -> int:
    """The number a log begins with. Raises ParseError where the head is none."""
    if len(data) < _SECTOR or not data.startswith(b"regf"):
        raise ParseError("hive log: another file")
    if data[28:32] == bytes(4):
        raise ParseError("hive log: a registry file itself")
    total = 0
    for (word,) in struct.iter_unpack("<I", data[:508]):
        total ^= word
    if total != int.from_bytes(data[508:512], "little"):
        raise ParseError("hive log: its head is broken")
    return int.from_bytes(data[4:8], "little")


def _entries(data: bytes) -> Iterator[_Pages]:
    """Entries one after the other, until one is none or its number does not follow."""
    at, number = _SECTOR, None
    for _ in range(MOST):
        one = _entry(memoryview(data)[at:])
        if one is None or (number is not None and one[1].entry.number != number + 1):
            return
        yield one[1]
        at, number = at + one[0], one[1].entry.number


def _entry(data: memoryview) -> tuple[int, _Pages] | None:
    """How long the entry is that begins here, and the entry; None: there is none that holds."""
    if len(data) < _SECTOR:
        return None
    mark, size, _, number, length, count, first, second = _ENTRY.unpack_from(data)
    fits = size % _SECTOR == 0 and _SECTOR <= size <= len(data) and 0 < count <= MOST
    if mark != b"HvLE" or not fits or length % _BASE or 40 + 8 * count > size:
        return None
    if checksum(data[:32]) != second or checksum(data[40:size]) != first:
        return None
    pages, start = [], 40 + 8 * count
    for place, room in _PAIR.iter_unpack(data[40:start]):
        if start + room > size or place + room > length:
            return None
        pages.append((place, data[start : start + room]))
        start += room
    return size, _Pages(Entry(number, length, count, start - 40 - 8 * count), pages)


def checksum(data: memoryview | bytes) -> int:
    """Marvin32, which Windows puts over an entry's pages and over its head."""
    low, high = _LOW, _HIGH
    whole = len(data) // 4 * 4
    tail = int.from_bytes(bytes(data[whole:]) + b"\x80", "little")
    words = struct.iter_unpack("<I", data[:whole])  # one by one: an entry may be a log's length
    for (word,) in chain(words, ((tail,), (0,))):
        low = (low + word) & _WORD
        high ^= low
        low = (((low << 20) | (low >> 12)) + high) & _WORD
        high = ((high << 9) | (high >> 23)) & _WORD ^ low
        low = (((low << 27) | (low >> 5)) + high) & _WORD
        high = ((high << 19) | (high >> 13)) & _WORD
    return high << 32 | low
