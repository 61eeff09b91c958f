"""Beacons as scapy builds them, and captures of every form round them."""

import gzip
import struct
from collections.abc import Iterable, Iterator
from typing import Final
from zlib import crc32

from scapy.layers.dot11 import (
    AKMSuite,
    Dot11,
    Dot11Beacon,
    Dot11Elt,
    Dot11EltMicrosoftWPA,
    Dot11EltRSN,
    Dot11EltVendorSpecific,
    Dot11ProbeResp,
    RSNCipherSuite,
)
from scapy.packet import Packet as Frame

BSSID: Final = "02:1a:11:00:00:01"
PRIVATE: Final = "ESS+privacy"
TKIP, CCMP, GCMP256 = 2, 4, 9
PLAIN, PRISM, RADIOTAP, AVS, PPI = 105, 119, 127, 163, 192


def rsn(
    akms: Iterable[int], ciphers: Iterable[int] = (CCMP,), group: int = CCMP, pmf: int = 0
) -> Frame:
    """Element 48; `pmf`: 0 off, 1 capable, 2 required."""
    akms, ciphers = list(akms), list(ciphers)
    return Dot11EltRSN(
        group_cipher_suite=RSNCipherSuite(cipher=group),
        pairwise_cipher_suites=[RSNCipherSuite(cipher=one) for one in ciphers],
        akm_suites=[AKMSuite(suite=one) for one in akms],
        mfp_capable=int(pmf > 0),
        mfp_required=int(pmf > 1),
    )


def wpa(akm: int = 2, ciphers: Iterable[int] = (TKIP,), group: int = TKIP) -> Frame:
    """The WPA element of 2003."""
    return Dot11EltMicrosoftWPA(
        group_cipher_suite=RSNCipherSuite(oui=0x50F2, cipher=group),
        pairwise_cipher_suites=[RSNCipherSuite(oui=0x50F2, cipher=one) for one in ciphers],
        akm_suites=[AKMSuite(oui=0x50F2, suite=akm)],
    )


def wps() -> Frame:
    """Wi-Fi Protected Setup is on."""
    return Dot11EltVendorSpecific(oui=0x50F2, info=b"\x04\x10\x4a\x00\x01\x10")


def owe_twin() -> Frame:
    """The open half of a network with OWE."""
    twin = bytes.fromhex("021a11000002") + b"\x04twin"
    return Dot11EltVendorSpecific(oui=0x506F9A, info=b"\x1c" + twin)


def beacon(
    *elements: Frame,
    ssid: bytes = b"Willowbrook",
    private: bool = True,
    bssid: str = BSSID,
    channel: int = 6,
    asked: bool = False,
) -> bytes:
    """One frame; `asked`: a probe response."""
    kind = Dot11ProbeResp if asked else Dot11Beacon
    head = Dot11(
        type=0, subtype=5 if asked else 8, addr1="ff:ff:ff:ff:ff:ff", addr2=bssid, addr3=bssid
    )
    frame = head / kind(cap=PRIVATE if private else "ESS")
    frame = frame / Dot11Elt(ID=0, info=ssid) / Dot11Elt(ID=3, info=bytes([channel]))
    for element in elements:
        frame = frame / element
    return bytes(frame)


def with_checksum(frame: bytes) -> bytes:
    return frame + struct.pack("<I", crc32(frame))


def radiotap(frame: bytes, *, flags: int = 0, signal: int = -40, frequency: int = 2437) -> bytes:
    """Flags, rate, channel and signal before it, as Linux does, with a second word of presence."""
    head = struct.pack("<BBHHbB", flags, 2, frequency, 0, signal, 0)
    return struct.pack("<BBHII", 0, 0, 12 + len(head), 0x8000002E, 0) + head + frame


def dressed(link: int, frame: bytes) -> bytes:
    """With what a card of that kind puts before it."""
    if link == RADIOTAP:
        head = struct.pack("<BBHI", 0, 0, 16, 0x2E) + struct.pack("<BBHHbB", 0, 2, 2437, 0, -40, 0)
        return head + frame
    if link == PRISM:
        return struct.pack("<II16s", 0x44, 144, b"wlan0") + bytes(120) + frame
    if link == AVS:
        return struct.pack(">II", 0x80211001, 64) + bytes(56) + frame
    if link == PPI:
        return struct.pack("<BBHI", 0, 0, 8, 105) + frame
    return frame


def pcap(
    packets: Iterable[bytes], link: int = PLAIN, *, order: str = "<", nanoseconds: bool = False
) -> bytes:
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    found = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65_535, link)
    for at, packet in enumerate(packets):
        found += struct.pack(f"{order}IIII", at, 0, len(packet), len(packet)) + packet
    return found


def pcapng(
    packets: Iterable[bytes], link: int = PLAIN, *, order: str = "<", simple: bool = False
) -> bytes:
    found = _block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))
    found += _block(order, 1, struct.pack(f"{order}HHI", 1, 0, 0))
    if simple:
        found = found[:-20]
    found += _block(order, 1, struct.pack(f"{order}HHI", link, 0, 0))
    for packet in packets:
        if simple:
            body = struct.pack(f"{order}I", len(packet)) + packet
        else:
            body = struct.pack(f"{order}IIIII", 1, 0, 0, len(packet), len(packet)) + packet
        found += _block(order, 3 if simple else 6, body)
    return found


def packed(capture: bytes) -> bytes:
    return gzip.compress(capture)


def captures() -> Iterator[bytes]:
    """One small capture of each form and each kind of card."""
    frame = beacon(rsn([2, 8], [TKIP, CCMP], pmf=1), wpa(), wps())
    for link in (PLAIN, PRISM, RADIOTAP, AVS, PPI):
        yield pcap([dressed(link, frame)], link)
    yield pcapng([radiotap(frame)], RADIOTAP)
    yield packed(pcapng([frame], order=">", simple=True))


def _block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(f"{order}I", 12 + len(body))
    return struct.pack(f"{order}I", kind) + length + body + length
