"""Frames as strangers would send them, and tasks for the survey worker, for tests."""

import ipaddress
import json
import struct
from typing import Any

from agent.survey.worker.task import Task, read

OURS = "02:00:00:00:00:05"
SOURCE = "10.20.0.5"
NETWORK = "10.20.0.0/24"
LINK_LOCAL = "fe80::5"


def task_of(**changes: Any) -> Task:
    """A task as the agent would hand it over: nothing but a sweep of three addresses."""
    return read(task_line(**changes))


def task_line(**changes: Any) -> bytes:
    """The same before anybody has read it."""
    plain: dict[str, Any] = {
        "v": 1,
        "card": "eth0",
        "mac": OURS,
        "source": SOURCE,
        "targets": ["10.20.0.1", "10.20.0.2", "10.20.0.3"],
        "per_second": 100,
        "tries": 2,
        "networks": [NETWORK],
        "offers": False,
        "clients": False,
        "names": False,
        "wait_ms": 500,
        "offer_seconds": 0,
        "listen_seconds": 0,
        "six_sources": [],
    }
    return json.dumps({**plain, **changes}).encode()


def packed(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def arp(mac: str, address: str, op: int = 2, target: str = SOURCE) -> bytes:
    """Somebody says that it has an address."""
    sender, asked = ipaddress.IPv4Address(address).packed, ipaddress.IPv4Address(target).packed
    head = struct.pack("!HHBBH", 1, 0x0800, 6, 4, op)
    told = head + packed(mac) + sender + packed(OURS) + asked
    return packed(OURS) + packed(mac) + b"\x08\x06" + told


def udp(mac: str, source: str, ports: tuple[int, int], payload: bytes, to: str = "") -> bytes:
    """A datagram in its frame. It has the sum of its head, without which a bridge that filters
    drops it, and none of its body."""
    target = ipaddress.IPv4Address(to or "224.0.0.251").packed
    body = struct.pack("!HHHH", *ports, 8 + len(payload), 0) + payload
    ends = ipaddress.IPv4Address(source).packed + target
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 255, 17, 0)
    total = sum(struct.unpack("!10H", head + ends))
    total = (total & 0xFFFF) + (total >> 16)
    way = head[:10] + struct.pack("!H", ~(total + (total >> 16)) & 0xFFFF) + ends
    return b"\x01\x00\x5e\x00\x00\xfb" + packed(mac) + b"\x08\x00" + way + body
