"""Captures are read packet by packet, and a length that lies ends them."""

import struct

import pytest

from checks.formats import pcap
from checks.formats.errors import ParseError
from checks.formats.pcap import Capture, Packet
from tests.checks.surveys import air

PACKETS = [b"one", b"", b"three"]


def read(data: bytes) -> tuple[list[Packet], bool]:
    capture = Capture(data)
    return list(capture), capture.cut


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("nanoseconds", [False, True])
def test_a_pcap_is_read_in_either_order(order: str, nanoseconds: bool) -> None:
    data = air.pcap(PACKETS, 127, order=order, nanoseconds=nanoseconds)
    assert read(data) == ([Packet(127, one, whole=True) for one in PACKETS], False)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("simple", [False, True])
def test_a_pcapng_is_read_in_either_order(order: str, simple: bool) -> None:
    data = air.pcapng(PACKETS, 127, order=order, simple=simple)
    assert read(data) == ([Packet(127, one, whole=True) for one in PACKETS], False)


def test_what_else_stands_in_the_number_of_a_link_is_passed_over() -> None:
    data = bytearray(air.pcap(PACKETS, 127))
    data[23] = 0x24  # a checksum of two words, says libpcap's manual
    assert {packet.link for packet in Capture(bytes(data))} == {127}


def test_a_packet_that_was_kept_in_part_is_not_whole() -> None:
    data = air.pcap([]) + struct.pack("<IIII", 0, 0, 3, 90) + b"abc"
    assert read(data) == ([Packet(105, b"abc", whole=False)], False)


def test_a_file_cut_at_any_byte_gives_the_packets_before_the_cut() -> None:
    for make in (air.pcap, air.pcapng):
        data = make(PACKETS)
        empty = len(make([]))
        for length in range(empty, len(data)):
            packets, _ = read(data[:length])
            assert [p.data for p in packets if p.whole] == PACKETS[: sum(p.whole for p in packets)]
        assert read(data[:-1])[1]


@pytest.mark.parametrize("kept", [pcap.LONGEST + 1, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_length_that_cannot_be_ends_a_pcap(kept: int) -> None:
    data = air.pcap([b"one"]) + struct.pack("<IIII", 0, 0, kept, kept) + bytes(40)
    packets, cut = read(data)
    assert ([packet.data for packet in packets], cut) == ([b"one"], True)


def test_a_block_that_contradicts_itself_is_passed_over() -> None:
    good = air.pcapng([b"one"])
    for interface, kept in ((7, 3), (1, 4_000), (1, 0xFFFFFFFF)):
        body = struct.pack("<IIIII", interface, 0, 0, kept, kept) + b"abc\0"
        block = struct.pack("<II", 6, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))
        assert [p.data for p in read(good + block + good)[0]] == [b"one", b"one"]


@pytest.mark.parametrize("length", [0, 4, 11, 13, 0xFFFFFFFC])
def test_a_block_of_an_impossible_length_ends_a_pcapng(length: int) -> None:
    data = air.pcapng([b"one"]) + struct.pack("<II", 6, length) + bytes(40)
    packets, cut = read(data)
    assert ([packet.data for packet in packets], cut) == ([b"one"], True)


def test_a_summary_counts_what_is_in_it() -> None:
    found = pcap.parse(air.pcapng(PACKETS, 127) + air.pcapng(PACKETS, 1))
    assert (found.packets, [(one.type, one.packets) for one in found.links]) == (
        6,
        [(1, 3), (127, 3)],
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\x0a\x0d\x0d\x0a", b"\x1f\x8b\x08junk", air.packed(air.pcap(PACKETS))[:-3], b"\0" * 64],
)
def test_what_is_no_capture_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        pcap.parse(data)


def test_a_packed_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcap, "LARGEST", 1 << 20)
    with pytest.raises(ParseError, match="too large"):
        pcap.parse(air.packed(air.pcap([]) + bytes(1 << 20)))
