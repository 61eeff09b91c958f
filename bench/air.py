"""Ten thousand beacons of a capture, ours beside scapy's own reading of the same file."""

import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Figure, figure

BEACONS = 10_000
SCAPY_BEACONS = 1_000
"""scapy takes a tenth of them, or it would take minutes."""
RUNS = 5

_SCAPY = """
import sys
from scapy.layers.dot11 import Dot11Beacon
from scapy.utils import PcapReader
for packet in PcapReader(sys.argv[1]):
    packet[Dot11Beacon].network_stats()
"""


def figures() -> Iterator[Figure]:
    """Whole processes, the start of each included."""
    agent = Path(sys.executable).with_name("caretaker-agent")
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder, "many.pcap"), Path(folder, "few.pcap")
        many.write_bytes(capture(BEACONS))
        few.write_bytes(capture(SCAPY_BEACONS))
        yield figure(
            f"parse beacons, {BEACONS:,}", [str(agent), "parse", "beacons", str(many)], RUNS
        )
        scapy = [sys.executable, "-I", "-c", _SCAPY, str(few)]
        yield figure(f"scapy, {SCAPY_BEACONS:,} of them", scapy, RUNS)


def capture(beacons: int) -> bytes:
    """As a school's 40 access points would fill it: WPA2 and WPA3, and the usual elements."""
    found = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 127)
    for at in range(beacons):
        packet = _beacon(at % 40, at)
        found += struct.pack("<IIII", at // 400, 0, len(packet), len(packet)) + packet
    return found


def _beacon(point: int, at: int) -> bytes:
    radiotap = struct.pack("<BBHIBBHHbB", 0, 0, 16, 0x2E, 0, 2, 2437, 0xA0, -60, 0)
    bssid = bytes((2, 0x1A, 0x11, 0, 0, point))
    head = b"\x80\0\0\0" + b"\xff" * 6 + bssid * 2 + struct.pack("<H", at << 4 & 0xFFFF)
    akm, capabilities = (8, 0xC0) if point % 2 else (2, 0)
    suite = b"\x00\x0f\xac"
    rsn = b"\1\0" + suite + b"\4\1\0" + suite + b"\4\1\0" + suite + bytes((akm,))
    elements = [
        (0, b"Willowbrook"),
        (1, bytes.fromhex("8c129824b048606c")),
        (3, b"\6"),
        (5, struct.pack("<BBBB", at % 3, 3, 0, 0)),
        (48, rsn + struct.pack("<H", capabilities)),
        (45, bytes(26)),
        (61, b"\6" + bytes(21)),
        (127, bytes(8)),
        (221, b"\x00\x50\xf2\x02" + bytes(20)),
    ]
    body = b"".join(bytes((number, len(data))) + data for number, data in elements)
    return radiotap + head + struct.pack("<QHH", at * 102_400, 100, 0x0411) + body
