"""A file of the registry (SOFTWARE, SYSTEM, NTUSER.DAT, …), read without Windows.

Written here and not taken from a library: ADR 18 says why, and tests compare with one. Every offset
comes from the file, so each is looked at before it is followed, no key is read twice, and all that
is taken has a bound. Traps: names are Latin-1 or UTF-16 by a flag; values up to four bytes lie in
their own head; above 16 KB they lie in pieces. A hive that Windows had open is behind its logs, and
`dirty` says so; `hive_log.replay` writes them in first.
"""

import struct
from collections.abc import Iterator
from typing import Final

import msgspec

from checks.formats import packed, registry_values
from checks.formats.errors import ParseError
from checks.formats.registry_values import Key, Value

LONGEST: Final = 1 << 29
MOST: Final = 2_000_000
"""Keys, values and places in lists."""
DEEPEST: Final = 512
"""Windows' own bound."""

UNPACKED: Final = 1 << 28
"""Bytes that a packed copy may become."""

_BASE: Final = 4096
_PIECE: Final = 16_344
_NOWHERE: Final = 0xFFFFFFFF
_INLINE: Final = 0x80000000
_EPOCH: Final = 11_644_473_600
_NK: Final = struct.Struct("<2sHQ4xII4xI4xII28xHH")
_VK: Final = struct.Struct("<2sHIIIH")
_U32: Final = struct.Struct("<I")


class Contents(msgspec.Struct, frozen=True):
    """All of a hive."""

    name: str
    """The end of the path it had, as Windows noted it."""
    written_at: int | None
    """Epoch seconds UTC."""
    dirty: bool
    """Windows had not finished writing: newer values may be in its logs."""
    keys: list[Key]
    """The root first, whose path is empty."""
    skipped: int
    """Keys and values nobody could read."""


class Looked(msgspec.Struct, frozen=True):
    """One key."""

    key: Key
    subkeys: list[str]


class _Node(msgspec.Struct, frozen=True):
    """A key's head."""

    name: str
    lists: int
    """Offset of its list of subkeys."""
    values_count: int
    values: int


class _BrokenError(Exception):
    """An offset, count or mark that cannot be."""


def parse(data: bytes) -> Contents:
    """Read all keys. Raises ParseError for another file, or one larger than any hive.

    A copy that somebody packed with xz is unpacked first.
    """
    return Hive(packed.plain(data, UNPACKED)).contents()


class Hive:
    """A hive in memory; `look` finds one key without reading the others."""

    def __init__(self, data: bytes) -> None:
        """Raises ParseError where the head or the first key is none."""
        if len(data) > LONGEST:
            raise ParseError("hive: too large")
        if len(data) < _BASE or not data.startswith(b"regf"):
            raise ParseError("hive: not a file of the registry")
        self._data = data
        self._room = 8 * len(data) + (1 << 20)
        self._count = self._skipped = 0
        first, second, written = struct.unpack_from("<IIQ", data, 4)
        self._dirty = first != second
        self._written = written // 10**7 - _EPOCH
        self._root = _U32.unpack_from(data, 36)[0]
        try:
            self._node(self._root)
        except _BrokenError as error:
            raise ParseError("hive: no first key") from error

    def contents(self) -> Contents:
        """Every key with its values, parents first."""
        keys = []
        seen: set[int] = {self._root}
        waiting = [(self._root, "", 0)]
        while waiting:
            place, path, depth = waiting.pop()
            try:
                node = self._node(place)
            except _BrokenError:
                self._skipped += 1
                continue
            here = f"{path}\\{node.name}" if depth > 1 else node.name if depth else ""
            self._take(len(here))
            keys.append(Key(here, self._values(node, here)))
            below = [one for one in self._subkeys(node) if one not in seen]
            seen.update(below)
            if depth < DEEPEST:
                waiting += [(one, here, depth + 1) for one in reversed(below)]
        name = self._data[48:112].decode("utf-16-le", "replace").partition("\0")[0]
        written = self._written if 0 < self._written < 1 << 40 else None
        return Contents(name, written, self._dirty, keys, self._skipped)

    def look(self, path: str) -> Looked | None:
        """One key, by its path below the root in any case; None if there is none.

        Raises ParseError where what leads to it is broken.
        """
        try:
            node = self._node(self._root)
            for part in [one for one in path.split("\\") if one]:
                found = self._below(node, part.casefold())
                if found is None:
                    return None
                node = found
        except _BrokenError as error:
            raise ParseError("hive: broken") from error
        names = [one.name for one in self._children(node)]
        return Looked(Key(path, self._values(node, path)), names)

    def _below(self, node: _Node, name: str) -> _Node | None:
        return next((one for one in self._children(node) if one.name.casefold() == name), None)

    def _children(self, node: _Node) -> Iterator[_Node]:
        for place in self._subkeys(node):
            try:
                yield self._node(place)
            except _BrokenError:
                self._skipped += 1

    def _node(self, place: int) -> _Node:
        cell = self._cell(place)
        if len(cell) < 76:
            raise _BrokenError
        mark, flags, _, _, _, lists, values_count, values, length, _ = _NK.unpack_from(cell)
        if mark != b"nk" or length > len(cell) - 76:
            raise _BrokenError
        self._take(length)
        name = _name(cell[76 : 76 + length], latin=bool(flags & 0x20))
        return _Node(name, lists, values_count, values)

    def _subkeys(self, node: _Node) -> list[int]:
        if node.lists == _NOWHERE:
            return []
        found: list[int] = []
        try:
            mark, offsets = self._list(node.lists)
            for one in offsets if mark == b"ri" else [node.lists]:
                inner, places = self._list(one)
                if inner == b"ri":
                    raise _BrokenError
                found += places
        except _BrokenError:
            self._skipped += 1
        return found

    def _list(self, place: int) -> tuple[bytes, list[int]]:
        cell = self._cell(place)
        mark, count = bytes(cell[:2]), int.from_bytes(cell[2:4], "little")
        wide = 2 if mark in {b"lf", b"lh"} else 1
        if mark not in {b"lf", b"lh", b"li", b"ri"} or len(cell) < 4 + 4 * wide * count:
            raise _BrokenError
        self._more(count)
        return mark, list(struct.unpack_from(f"<{count * wide}I", cell, 4))[::wide]

    def _values(self, node: _Node, path: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if not node.values_count or node.values == _NOWHERE:
            return found
        try:
            cell = self._cell(node.values)
            count = min(node.values_count, len(cell) // 4)
        except _BrokenError:
            self._skipped += 1
            return found
        self._skipped += node.values_count > count
        self._more(count)
        for place in struct.unpack_from(f"<{count}I", cell):
            try:
                name, value = self._value(place, path)
                found[name] = value
            except _BrokenError:
                self._skipped += 1
        return found

    def _value(self, place: int, path: str) -> tuple[str, Value]:
        cell = self._cell(place)
        if len(cell) < 20:
            raise _BrokenError
        mark, length, size, at, kind, flags = _VK.unpack_from(cell)
        if mark != b"vk" or length > len(cell) - 20:
            raise _BrokenError
        name = _name(cell[20 : 20 + length], latin=bool(flags & 1))
        if size & _INLINE:
            size &= ~_INLINE
            data = bytes(cell[8 : 8 + min(size, 4)])
        else:
            data = self._bytes(at, size)
        self._take(length + len(data))
        return name, registry_values.value(name, kind, data, path=path)

    def _bytes(self, place: int, size: int) -> bytes:
        if not size:
            return b""
        if size > len(self._data):
            raise _BrokenError
        cell = self._cell(place)
        if size > _PIECE and bytes(cell[:2]) == b"db" and len(cell) >= 8:
            return self._pieces(cell, size)
        if size > len(cell):
            raise _BrokenError
        return bytes(cell[:size])

    def _pieces(self, cell: memoryview, size: int) -> bytes:
        count = -(-size // _PIECE)
        places = self._cell(_U32.unpack_from(cell, 4)[0])
        if len(places) < 4 * count or count > int.from_bytes(cell[2:4], "little"):
            raise _BrokenError
        self._more(count)
        offsets = struct.unpack_from(f"<{count}I", places)
        whole = b"".join(bytes(self._cell(one)[:_PIECE]) for one in offsets)
        if len(whole) < size:
            raise _BrokenError
        return whole[:size]

    def _cell(self, place: int) -> memoryview:
        """What lies at an offset: a cell in use has its length below zero before it."""
        at = _BASE + place
        if at + 4 > len(self._data):
            raise _BrokenError
        length = -int.from_bytes(self._data[at : at + 4], "little", signed=True)
        if length < 8 or at + length > len(self._data):
            raise _BrokenError
        return memoryview(self._data)[at + 4 : at + length]

    def _take(self, size: int) -> None:
        """Names and data, all together: entries that share a place may not multiply it."""
        self._room -= size
        if self._room < 0:
            raise ParseError("hive: holds more than the file can")

    def _more(self, count: int) -> None:
        self._count += count
        if self._count > MOST:
            raise ParseError("hive: too many keys and values")


def _name(data: memoryview, *, latin: bool) -> str:
    return bytes(data).decode("latin-1" if latin else "utf-16-le", "replace")
