"""Beacons captured from real air, named by their files, to the closed set."""

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.formats import rsn
from checks.formats.errors import ParseError
from checks.wireless.security import of_network
from tests.checks import corpus

RADIOTAP, PRISM, PLAIN = 127, 119, 105
BEACON, PROBE_RESPONSE = 0x80, 0x50
FIXED = 24 + 12
"""Bytes of a management frame's header, and of timestamp, interval and capability after it."""


def frames(path: Path) -> Iterator[bytes]:
    """The 802.11 frames of a capture, without what the card put before them."""
    data = path.read_bytes()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    kind = struct.unpack(f"{order}I", data[20:24])[0]
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack(f"{order}I", data[at + 8 : at + 12])[0]
        frame = data[at + 16 : at + 16 + length]
        at += 16 + length
        if kind == RADIOTAP and len(frame) >= 4:
            frame = frame[struct.unpack("<H", frame[2:4])[0] :]
        elif kind == PRISM:
            frame = frame[144:]
        yield frame


def seen(path: Path) -> set[str]:
    """Every security named by a beacon or an answer; a broken element is `broken`."""
    found = set()
    for frame in frames(path):
        if len(frame) <= FIXED or frame[0] not in (BEACON, PROBE_RESPONSE):
            continue
        privacy = bool(frame[34] & 0x10)
        found.add(_named(frame[FIXED:], privacy) or _named(frame[FIXED:-4], privacy) or "broken")
    return found


def _named(elements: bytes, privacy: bool) -> str | None:
    """None for a broken list; some cards leave four bytes of checksum behind it."""
    try:
        offered = rsn.parse(elements)
    except ParseError:
        return None
    return of_network(privacy, offered.rsn, offered.wpa)


@pytest.mark.parametrize(
    ("name", "security"),
    [
        ("aircrack-ng/wpa-psk-linksys.cap", "wpa-psk"),
        ("aircrack-ng/wpa2-psk-linksys.cap", "wpa2-psk"),
        ("aircrack-ng/wpa3-psk.pcap", "wpa3-sae"),
        ("aircrack-ng/wpa.cap", "wpa-psk"),
        ("aircrack-ng/wpa2.eapol.cap", "wpa2-psk"),
        ("scapy/bad_rsn_parsing_overrides_ssid.pcap", "wpa2-psk"),
    ],
)
def test_a_captured_network_is_what_its_file_says(name: str, security: str) -> None:
    assert security in seen(corpus.need(f"dot11/{name}"))


@pytest.mark.parametrize("name", corpus.names("dot11/aircrack-ng"))
def test_no_capture_breaks_the_parser(name: str) -> None:
    seen(corpus.need(f"dot11/aircrack-ng/{name}"))
