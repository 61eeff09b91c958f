"""Writes small files of the registry, for tests that need broken ones too."""

import struct
from dataclasses import dataclass, field

from checks.formats import hive_log

NOWHERE = 0xFFFFFFFF


@dataclass
class Node:
    """A key to write: values as (name, type number, bytes)."""

    name: str
    values: list[tuple[str, int, bytes]] = field(default_factory=list)
    subkeys: "list[Node]" = field(default_factory=list)


class Writer:
    """Cells one after the other; `links` are kinds of list of subkeys to use in turn."""

    def __init__(self, links: str = "lh") -> None:
        self._cells = bytearray()
        self._links = links

    def file(self, root: Node, *, dirty: bool = False) -> bytes:
        """The whole file."""
        self._cells = bytearray(b"hbin" + bytes(28))
        place = self._node(root, root=True)
        head = bytearray(4096)
        written = (1_700_000_000 + 11_644_473_600) * 10**7
        struct.pack_into("<4sIIQ", head, 0, b"regf", 2 if dirty else 1, 1, written)
        struct.pack_into("<IIIII", head, 20, 1, 5, 0, 1, place)
        head[48:66] = "Test.DAT\0".encode("utf-16-le")
        return bytes(head + self._cells)

    def cell(self, data: bytes) -> int:
        """Adds a cell and tells where it lies."""
        size = (len(data) + 4 + 7) // 8 * 8
        place = len(self._cells)
        self._cells += struct.pack("<i", -size) + data.ljust(size - 4, b"\0")
        return place

    def _node(self, node: Node, *, root: bool = False) -> int:
        below = [self._node(one) for one in node.subkeys]
        values = [self._value(*one) for one in node.values]
        lists = self._list(below) if below else NOWHERE
        listed = self.cell(struct.pack(f"<{len(values)}I", *values)) if values else NOWHERE
        name, latin = _encoded(node.name)
        head = struct.pack(
            "<2sHQIIIIIIIIII16xIHH",
            *(b"nk", (0x20 if latin else 0) | (4 if root else 0), 0, 0, 0, len(below), 0, lists),
            *(NOWHERE, len(values), listed, NOWHERE, NOWHERE, 0, len(name), 0),
        )
        return self.cell(head + name)

    def _list(self, places: list[int]) -> int:
        if self._links == "ri":
            inner = [self._leaf("li", places[:1]), self._leaf("lf", places[1:])]
            return self.cell(struct.pack("<2sH2I", b"ri", 2, *inner))
        return self._leaf(self._links, places)

    def _leaf(self, mark: str, places: list[int]) -> int:
        wide = mark in {"lf", "lh"}
        body = b"".join(
            struct.pack("<II" if wide else "<I", one, *([0] if wide else [])) for one in places
        )
        return self.cell(struct.pack("<2sH", mark.encode(), len(places)) + body)

    def _value(self, name: str, kind: int, data: bytes) -> int:
        encoded, latin = _encoded(name)
        if len(data) <= 4:
            size, place = len(data) | 0x80000000, int.from_bytes(data.ljust(4, b"\0"), "little")
        elif len(data) <= 16_344:
            size, place = len(data), self.cell(data)
        else:
            pieces = [self.cell(data[at : at + 16_344]) for at in range(0, len(data), 16_344)]
            offsets = self.cell(struct.pack(f"<{len(pieces)}I", *pieces))
            size, place = len(data), self.cell(struct.pack("<2sHI", b"db", len(pieces), offsets))
        head = struct.pack("<2sHIIIHH", b"vk", len(encoded), size, place, kind, int(latin), 0)
        return self.cell(head + encoded)


def small() -> bytes:
    """A whole hive with a value of each form, for a fuzzer to begin with."""
    values = [("a", 1, b"x\0y\0\0\0"), ("b", 4, b"\1\0\0\0"), ("Ω", 7, b"x\0\0\0\0\0")]
    return Writer("ri").file(Node("R", values, [Node("A", [("", 3, bytes(9))]), Node("B")]))


def small_log() -> bytes:
    """A log of it with one entry, which the fuzzer finds no other way to: its checksums hold."""
    whole = small()
    return log(whole, 1, [(0, whole[4096:])])


def _encoded(name: str) -> tuple[bytes, bool]:
    try:
        return name.encode("latin-1"), True
    except UnicodeEncodeError:
        return name.encode("utf-16-le"), False


def log(hive: bytes, number: int, *entries: list[tuple[int, bytes]]) -> bytes:
    """A log as Windows 8.1 and later write it: for each entry its pages, by place and bytes."""
    head = bytearray(hive[:508])
    struct.pack_into("<II", head, 4, number, number)
    struct.pack_into("<I", head, 28, 6)
    total = 0
    for (word,) in struct.iter_unpack("<I", head):
        total ^= word
    body = b"".join(_entry(number + n, pages) for n, pages in enumerate(entries))
    return bytes(head) + struct.pack("<I", total) + body


def _entry(number: int, pages: list[tuple[int, bytes]]) -> bytes:
    listed = b"".join(struct.pack("<II", at, len(page)) for at, page in pages)
    rest = listed + b"".join(page for _, page in pages)
    size = -(-(40 + len(rest)) // 512) * 512
    rest = rest.ljust(size - 40, b"\0")
    length = max(-(-(at + len(page)) // 4096) * 4096 for at, page in pages)
    head = struct.pack("<4s5I", b"HvLE", size, 0, number, length, len(pages))
    head += struct.pack("<Q", hive_log.checksum(rest))
    return head + struct.pack("<Q", hive_log.checksum(head)) + rest
