"""The last look at a frame before it leaves: whether the task allows it.

Written apart from the code that makes frames, from the bytes alone, so that one mistake is not two.
"""

import ipaddress
import struct
from typing import Final

from agent.survey.worker.task import Task

_ARP, _IPV4, _IPV6 = 0x0806, 0x0800, 0x86DD
_EVERYBODY: Final = b"\xff" * 6
_ARP_HEAD: Final = struct.pack("!HHBBH", 1, _IPV4, 6, 4, 1)
"""Ethernet, IPv4, a question."""
_DISCOVER: Final = bytes([53, 1, 1])
_COOKIE: Final = b"\x63\x82\x53\x63"
_MDNS: Final = ipaddress.IPv4Address("224.0.0.251").packed
_SSDP: Final = ipaddress.IPv4Address("239.255.255.250").packed
_SSDP_HERE: Final = (_SSDP, 1900, 1)
_ALL_NODES: Final = ipaddress.IPv6Address("ff02::1").packed
_ECHO: Final = (58, 128)


class OutOfScopeError(Exception):
    """A frame that the task does not allow. It was not sent."""


class Guard:
    """What one task allows."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._mac = bytes.fromhex(task.mac.replace(":", ""))
        self._targets = {ipaddress.IPv4Address(one).packed for one in task.targets}
        self._source = ipaddress.IPv4Address(task.source).packed if task.source else b""
        self._sources = {ipaddress.IPv6Address(one).packed for one in task.six_sources}

    def check(self, frame: bytes) -> None:
        """Raises OutOfScopeError."""
        kind = int.from_bytes(frame[12:14], "big")
        if frame[6:12] != self._mac or not self._allowed(kind, frame):
            raise OutOfScopeError(frame[:64].hex())

    def _allowed(self, kind: int, frame: bytes) -> bool:
        if kind == _ARP:
            return self._question(frame)
        if kind == _IPV4:
            return self._datagram(frame)
        return kind == _IPV6 and self._greeting(frame)

    def _question(self, frame: bytes) -> bool:
        """Who has an address of the task, asked of everybody in the card's own name."""
        return (
            len(frame) == 42
            and frame[:6] == _EVERYBODY
            and frame[14:22] == _ARP_HEAD
            and frame[22:28] == self._mac
            and frame[28:32] == self._source
            and frame[38:42] in self._targets
        )

    def _datagram(self, frame: bytes) -> bool:
        if len(frame) < 42 or frame[14] != 0x45 or frame[23] != 17:
            return False
        source, target = frame[26:30], frame[30:34]
        ports = struct.unpack("!HH", frame[34:38])
        if target == b"\xff" * 4:
            return (
                self._task.offers
                and frame[:6] == _EVERYBODY
                and source == bytes(4)
                and ports == (68, 67)
                and frame[278:282] == _COOKIE
                and frame[282:285] == _DISCOVER
            )
        if not self._task.names or not source or source != self._source:
            return False
        wire = b"\x01\x00\x5e" + bytes([target[1] & 0x7F]) + target[2:]
        # SSDP's group is one that routers may pass on: not beyond this link.
        local = (target, ports[1]) == (_MDNS, 5353) or (target, ports[1], frame[22]) == _SSDP_HERE
        return frame[:6] == wire and local

    def _greeting(self, frame: bytes) -> bool:
        """An echo request to all nodes of the link, from an address of the card."""
        return (
            len(frame) >= 62
            and frame[:6] == b"\x33\x33" + _ALL_NODES[12:]
            and (frame[20], frame[54]) == _ECHO
            and frame[22:38] in self._sources
            and frame[38:54] == _ALL_NODES
        )
