"""ARP by hand: 28 bytes that need no library (docs/adr: scapy costs 50 MB and half a second)."""

import ipaddress
import struct
from typing import Final

KIND: Final = 0x0806
_HEAD: Final = struct.Struct("!HHBBH6s4s6s4s")
_EVERYBODY: Final = b"\xff" * 6


def question(mac: bytes, source: bytes, target: bytes) -> bytes:
    """The frame that asks who has `target`."""
    told = _HEAD.pack(1, 0x0800, 6, 4, 1, mac, source, bytes(6), target)
    return _EVERYBODY + mac + KIND.to_bytes(2, "big") + told


def sender(frame: bytes) -> tuple[bytes, ipaddress.IPv4Address] | None:
    """Who says it has which address, in a question or an answer; None for anything else.

    The MAC is the one inside: it is what others will send to, and a repeater that speaks for others
    leaves it alone.
    """
    if len(frame) < 42:
        return None
    hard, proto, hlen, plen, op, mac, address, _, _ = _HEAD.unpack_from(frame, 14)
    if (hard, proto, hlen, plen) != (1, 0x0800, 6, 4) or op not in (1, 2):
        return None
    found = ipaddress.IPv4Address(address)
    return None if int(found) == 0 else (mac, found)
