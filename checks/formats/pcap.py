"""Capture files: pcap (both byte orders, micro- and nanoseconds, and the form with longer records)
and pcapng, also packed with gzip or xz.

Written from the libpcap manual and draft-ietf-opsawg-pcapng. Nothing of a packet is looked at here.
Traps: a length in the file is whatever somebody wrote, and after a wrong one nothing says where the
next packet begins; a pcapng file may hold several interfaces of different kinds, and several
sections in different byte orders; the upper bits of a pcap's link type tell other things.
"""

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

import msgspec

from checks.formats import packed
from checks.formats.errors import ParseError

LARGEST: Final = 1 << 28
"""Bytes of a capture, unpacked."""
LONGEST: Final = 1 << 18
"""Bytes of one packet: as many as libpcap itself takes."""
MOST_INTERFACES: Final = 1_000
MOST_LINKS: Final = 64

_ORDERS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 16),
    b"\x4d\x3c\xb2\xa1": ("<", 16),
    b"\x34\xcd\xb2\xa1": ("<", 24),
    b"\xa1\xb2\xc3\xd4": (">", 16),
    b"\xa1\xb2\x3c\x4d": (">", 16),
    b"\xa1\xb2\xcd\x34": (">", 24),
}
"""First bytes → byte order, and bytes before each packet."""
_HEADER: Final = 24
_SECTION: Final = b"\x0a\x0d\x0d\x0a"
_SECTION_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6


class Packet(NamedTuple):
    """One packet as it was kept."""

    link: int
    """What stands at its beginning, by the numbers of tcpdump.org/linktypes (`127`: radiotap)."""
    data: bytes
    whole: bool
    """Not cut off when it was captured, nor by the end of the file."""


class Link(msgspec.Struct, frozen=True):
    """Packets of one kind of interface."""

    type: int
    packets: int


class Summary(msgspec.Struct, frozen=True):
    """What is in a file, without what is in its packets."""

    packets: int
    links: list[Link]
    cut: bool
    """It ends within a packet, or with a length that cannot be."""


def parse(data: bytes) -> Summary:
    """Count. Raises ParseError for what is no capture."""
    capture = Capture(data)
    counts: dict[int, int] = {}
    total = 0
    for packet in capture:
        total += 1
        if packet.link in counts or len(counts) < MOST_LINKS:
            counts[packet.link] = counts.get(packet.link, 0) + 1
    links = [Link(link, packets) for link, packets in sorted(counts.items())]
    return Summary(total, links, capture.cut)


class Capture:
    """The packets of a file, one after the other: iterate once, then ask `cut`.

    Raises ParseError, when made, for what is no capture.
    """

    def __init__(self, data: bytes) -> None:
        """Unpack it and see which kind it is."""
        self._data = packed.plain(data, LARGEST)
        self.cut = False
        head = self._data[:4]
        if head in _ORDERS and len(self._data) >= _HEADER:
            self._packets = self._of_pcap(*_ORDERS[head])
        elif head == _SECTION and self._data[8:12] in _SECTION_ORDERS:
            self._packets = self._of_pcapng()
        else:
            raise ParseError("neither a pcap nor a pcapng capture")

    def __iter__(self) -> Iterator[Packet]:
        """Each packet."""
        return self._packets

    def _of_pcap(self, order: str, before: int) -> Iterator[Packet]:
        data, end, at = self._data, len(self._data), _HEADER
        lengths = Struct(f"{order}II").unpack_from
        (link,) = Struct(f"{order}I").unpack_from(data, 20)
        link &= 0xFFFF
        while at + before <= end:
            kept, length = lengths(data, at + 8)
            if kept > LONGEST:
                break
            at += before
            yield Packet(link, data[at : at + kept], kept >= length and at + kept <= end)
            at += kept
        self.cut = at != end

    def _of_pcapng(self) -> Iterator[Packet]:
        at, end, section = 0, len(self._data), _Section("<")
        while at + 12 <= end:
            if self._data[at : at + 4] == _SECTION:
                order = _SECTION_ORDERS.get(self._data[at + 8 : at + 12])
                if order is None:
                    break
                section = _Section(order)
            kind, length = section.two(self._data, at)
            if length < 12 or length % 4 or at + length > end:
                break
            packet = section.block(kind, self._data[at + 8 : at + length - 4])
            if packet is not None:
                yield packet
            at += length
        self.cut = at != end


class _Section:
    """One section of a pcapng file: its byte order and its interfaces."""

    def __init__(self, order: str) -> None:
        self.two = Struct(f"{order}II").unpack_from
        self._short = Struct(f"{order}H").unpack_from
        self._interfaces: list[tuple[int, int]] = []
        """Link type, and how much of a packet is kept at most (0: all)."""

    def block(self, kind: int, body: bytes) -> Packet | None:
        """The packet in a block, if it is one; a block that contradicts itself is passed over."""
        if kind == _INTERFACE and len(body) >= 8 and len(self._interfaces) < MOST_INTERFACES:
            self._interfaces.append((self._short(body, 0)[0], self.two(body, 0)[1]))
        elif kind == _SIMPLE_PACKET and len(body) >= 4:
            (length, _) = self.two(body + bytes(4), 0)
            most = self._interfaces[0][1] if self._interfaces else 0
            return self._packet(0, body[4:], min(length, most or length), length)
        elif kind in (_PACKET, _OLD_PACKET) and len(body) >= 20:
            number = self.two(body, 0)[0] if kind == _PACKET else self._short(body, 0)[0]
            return self._packet(number, body[20:], *self.two(body, 12))
        return None

    def _packet(self, interface: int, data: bytes, kept: int, length: int) -> Packet | None:
        if interface >= len(self._interfaces) or kept > min(len(data), LONGEST):
            return None
        return Packet(self._interfaces[interface][0], data[:kept], kept >= length)
