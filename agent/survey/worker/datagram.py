"""UDP out of an Ethernet frame, by hand: what it carries is taken apart elsewhere."""

import dataclasses
import ipaddress
import struct

from agent.survey.worker.task import Address


@dataclasses.dataclass(frozen=True)
class Datagram:
    """One datagram, whole: fragments are passed over."""

    mac: bytes
    """Of the frame: a router's or a repeater's, where one passed it on."""
    source: Address
    ports: tuple[int, int]
    payload: bytes


def read(frame: bytes) -> Datagram | None:
    """None for anything else, and for one that is cut short."""
    kind = frame[12:14]
    if kind == b"\x08\x00" and len(frame) >= 34:
        start = 14 + (frame[14] & 0x0F) * 4
        pieces = int.from_bytes(frame[20:22], "big") & 0x3FFF
        if frame[14] >> 4 != 4 or start < 34 or pieces or frame[23] != 17:
            return None
        return _udp(frame, start, ipaddress.IPv4Address(frame[26:30]))
    if kind == b"\x86\xdd" and len(frame) >= 54 and frame[20] == 17:
        return _udp(frame, 54, ipaddress.IPv6Address(frame[22:38]))
    return None


def _udp(frame: bytes, start: int, source: Address) -> Datagram | None:
    if len(frame) < start + 8:
        return None
    sender, target, length = struct.unpack_from("!HHH", frame, start)
    if length < 8 or start + length > len(frame):
        return None
    return Datagram(frame[6:12], source, (sender, target), frame[start + 8 : start + length])
