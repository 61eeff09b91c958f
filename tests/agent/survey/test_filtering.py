"""What the kernel lets through to the worker, by the kernel: its filter works on any socket."""

import ctypes
import socket
import struct
from typing import Any

import pytest

from agent.survey.worker import filtering
from tests.frames import LINK_LOCAL, arp, packed, task_of, udp

PHONE = "3c:2e:f9:00:00:07"
ALL: dict[str, Any] = {"offers": True, "clients": True, "names": True, "six_sources": [LINK_LOCAL]}


def heard(frame: bytes, **flags: Any) -> bytes | None:
    """What comes out of the filter; None for nothing."""
    rules = filtering.assembled(task_of(**flags))
    kept = ctypes.create_string_buffer(rules)
    program = struct.pack("HL", len(rules) // 8, ctypes.addressof(kept))
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with near, far:
        far.setsockopt(socket.SOL_SOCKET, 26, program)  # SO_ATTACH_FILTER
        far.setblocking(False)
        near.send(frame)
        try:
            return far.recv(65_536)
        except BlockingIOError:
            return None


def datagram(source: int, target: int) -> bytes:
    return udp(PHONE, "10.20.0.9", (source, target), b"x" * 40)


def six(kind: int, next_header: int = 58, ports: tuple[int, int] = (0, 0)) -> bytes:
    """An IPv6 frame: ICMPv6 of a kind, or a datagram."""
    head = struct.pack("!IHBB", 0x6 << 28, 40, next_header, 255) + bytes(32)
    body = bytes([kind, 0]) + bytes(38) if next_header == 58 else struct.pack("!HH", *ports)
    return b"\x33\x33\0\0\0\1" + packed(PHONE) + b"\x86\xdd" + head + body + bytes(20)


@pytest.mark.parametrize("flags", [{}, ALL])
def test_arp_always_passes_whole(flags: dict[str, Any]) -> None:
    frame = arp(PHONE, "10.20.0.9")
    assert heard(frame, **flags) == frame


@pytest.mark.parametrize(
    ("frame", "flag"),
    [
        (datagram(67, 68), {"offers": True}),
        (datagram(68, 67), {"clients": True}),
        (datagram(5353, 5353), {"names": True}),
        (datagram(50_000, 1900), {"names": True}),
        (datagram(1900, 40_000), {"names": True}),
        (six(129), {"six_sources": [LINK_LOCAL]}),
        (six(136), {"six_sources": [LINK_LOCAL]}),
        (six(0, 17, (5353, 5353)), {"six_sources": [LINK_LOCAL], "names": True}),
    ],
)
def test_each_kind_passes_only_where_the_task_asks_for_it(
    frame: bytes, flag: dict[str, Any]
) -> None:
    assert heard(frame, **flag) == frame
    assert heard(frame, **ALL) == frame
    assert heard(frame) is None


@pytest.mark.parametrize(
    "frame",
    [
        datagram(40_000, 443),
        datagram(443, 40_000),
        datagram(53, 40_000),
        datagram(161, 40_000),
        datagram(67, 40_000),
        six(128),
        six(133),
        six(0, 6),
        six(0, 17, (443, 443)),
        packed(PHONE) * 2 + b"\x88\xcc" + bytes(60),
        packed(PHONE) * 2 + b"\x81\x00\0\x0a\x08\x06" + bytes(60),
        b"",
        bytes(13),
    ],
)
def test_other_peoples_traffic_never_passes(frame: bytes) -> None:
    if frame:
        assert heard(frame, **ALL) is None


@pytest.mark.parametrize("at", [20, 21])
def test_a_piece_of_a_datagram_does_not_pass(at: int) -> None:
    frame = bytearray(datagram(5353, 5353))
    frame[at] |= 0x20
    assert heard(bytes(frame), **ALL) is None


def test_options_before_a_datagram_move_its_ports() -> None:
    plain = datagram(5353, 5353)
    longer = plain[:14] + b"\x46" + plain[15:34] + bytes(4) + plain[34:]
    assert heard(longer, **ALL) == longer
    assert heard(plain[:14] + b"\x46" + plain[15:], **ALL) is None


def test_a_frame_is_cut_to_one_of_ethernets() -> None:
    found = heard(arp(PHONE, "10.20.0.9") + bytes(9_000))
    assert found is not None
    assert len(found) == filtering.SNAP


def test_a_datagram_cut_anywhere_passes_only_once_its_ports_are_there() -> None:
    frame = datagram(5353, 5353)
    for length in range(1, len(frame)):
        assert (heard(frame[:length], **ALL) is None) == (length < 38)
