"""`iw dev IFACE link` and `… scan dump`: the network a card is on, and how it is protected.

`link` has no security; the scan's block marked `-- associated` has, as names of ciphers and suites.
iw escapes names as `\\xNN`, so a name cannot forge a line. Versions name some suites differently
(`802.1X` and `IEEE 802.1X`, `SAE` and `00-0f-ac:8`), both are known.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError
from checks.formats.rsn import Suites

LINK: Final = ("link",)
SCAN: Final = ("scan", "dump")
LISTEN: Final = ("scan", "passive")
"""A new scan that calls nobody; the same form."""

_ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_BSS = re.compile(r"^BSS ([0-9a-fx:]{17})(?: ?\(on ([^)\s]{1,20})\))?")
"""Some captures hide half of an address behind `xx`; old versions put a space after it."""
_JOINED = re.compile(rb"^Connected to ([0-9a-fx:]{17})(?: \(on ([^)\s]{1,20})\))?", re.MULTILINE)
_NUMBER = re.compile(r"^-?\d{1,9}")
_NUMBERED = re.compile(r"\b00-0f-ac:(\d{1,3})\b", re.IGNORECASE)
_CIPHERS: Final = {
    "WEP-40": 1,
    "TKIP": 2,
    "CCMP": 4,
    "CCMP-128": 4,
    "WEP-104": 5,
    "GCMP": 8,
    "GCMP-128": 8,
    "GCMP-256": 9,
    "CCMP-256": 10,
}
_AKMS: Final = {
    "802.1X/SUITE-B-192": 12,
    "802.1X/SUITE-B": 11,
    "802.1X/SHA-256": 5,
    "802.1X/SHA-384": 23,
    "FT/802.1X/SHA-384": 13,
    "FT/802.1X": 3,
    "802.1X": 1,
    "PSK/SHA-256": 6,
    "PSK/SHA-384": 20,
    "FT/PSK": 4,
    "PSK": 2,
    "FT/SAE": 9,
    "SAE": 8,
    "SAE-EXT-KEY": 24,
    "FT/SAE-EXT-KEY": 25,
    "OWE": 18,
}


class Link(msgspec.Struct, frozen=True):
    """Where a card is joined to."""

    bssid: str
    ssid_hex: str
    interface: str | None = None
    frequency_mhz: int | None = None
    signal_dbm: int | None = None
    sent_rate: str | None = None
    """As printed: `866.7 MBit/s VHT-MCS 9 80MHz`."""
    ssid: str = ""
    """The name as far as it is text."""


class Bss(msgspec.Struct, frozen=True):
    """One network heard, and how it protects itself."""

    bssid: str
    joined: bool
    """This machine is on it."""
    ssid_hex: str
    privacy: bool
    rsn: Suites | None
    wpa: Suites | None
    interface: str | None = None
    frequency_mhz: int | None = None
    signal_dbm: int | None = None
    channel: int | None = None
    ssid: str = ""
    """The name as far as it is text."""
    wps: bool = False
    """Wi-Fi Protected Setup is on."""
    owe_twin: bool = False
    """One of a pair, of which one is open and one protected by OWE."""


def parse_link(data: bytes) -> Link | None:
    """The link; None: not joined. Raises ParseError for anything else."""
    found = _JOINED.search(data)
    if found is None:
        if data.strip() and not data.lstrip().startswith(b"Not connected"):
            raise ParseError("iw: neither joined nor not")
        return None
    ssid = re.search(rb"^[ \t]*SSID: (.*)$", data, re.MULTILINE)
    rest = data.decode("utf-8", "replace").splitlines()
    name = _ssid(ssid[1].rstrip(b"\r") if ssid else b"")
    return Link(
        bssid=found[1].decode(),
        ssid_hex=name.hex(),
        ssid=name.decode("utf-8", "replace"),
        interface=found[2].decode("utf-8", "replace") if found[2] else None,
        frequency_mhz=_number(_told(rest, "freq:")),
        signal_dbm=_dbm(_told(rest, "signal:")),
        sent_rate=_told(rest, "tx bitrate:") or None,
    )


def parse(data: bytes) -> list[Bss]:
    """Every network of a scan dump; a reader keeps the one it is on and forgets the neighbours.

    Raises ParseError where there is text and no network in it.
    """
    found: list[list[str]] = []
    for raw in data.decode("utf-8", "surrogateescape").split("\n"):
        line = raw.rstrip("\r")
        if _BSS.match(line):
            found.append([])
        if found:
            found[-1].append(line)
    if not found and data.strip():
        raise ParseError("iw: no network in this")
    return [_bss(lines) for lines in found]


def _told(lines: list[str], key: str) -> str:
    """What stands after a key, at any depth; empty: nothing."""
    rows = (line.strip() for line in lines)
    return next((row.removeprefix(key).strip() for row in rows if row.startswith(key)), "")


def _number(text: str) -> int | None:
    found = _NUMBER.match(text)
    return int(found[0]) if found else None


def _dbm(text: str) -> int | None:
    """Some drivers only tell a share (`60/100`)."""
    return _number(text) if "dBm" in text else None


def _whole(text: str) -> str:
    """Without halves of characters, which nothing can write down."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _bss(lines: list[str]) -> Bss:
    head = _BSS.match(lines[0])
    capability = next((line for line in lines if line.strip().startswith("capability:")), "")
    ssid = next((line for line in lines if line.strip().startswith("SSID:")), "SSID:")
    name = _ssid(ssid.partition("SSID:")[2].strip().encode("utf-8", "surrogateescape"))
    return Bss(
        bssid=head[1] if head else "",
        joined="-- associated" in lines[0],
        ssid_hex=name.hex(),
        ssid=name.decode("utf-8", "replace"),
        privacy=" Privacy" in capability,
        rsn=_suites(lines, "RSN:"),
        wpa=_suites(lines, "WPA:"),
        interface=_whole(head[2]) if head and head[2] else None,
        frequency_mhz=_number(_told(lines, "freq:")),
        signal_dbm=_dbm(_told(lines, "signal:")),
        channel=_number(_told(lines, "DS Parameter set: channel"))
        or _number(_told(lines, "* primary channel:")),
        wps=any(line.strip().startswith("WPS:") for line in lines),
        owe_twin=any(line.strip().startswith("OWE Transition Mode:") for line in lines),
    )


def _suites(lines: list[str], name: str) -> Suites | None:
    start = next((i for i, line in enumerate(lines) if line.strip().startswith(name)), None)
    if start is None:
        return None
    block = [lines[start].partition(name)[2].strip()]
    for line in lines[start + 1 :]:
        if not line.strip().startswith("*"):
            break
        block.append(line.strip())
    rows = [row.lstrip("* ").partition(":") for row in block]
    values = {key.strip(): value.strip() for key, _, value in rows}
    flags = values.get("Capabilities", "")
    return Suites(
        group=next(iter(_numbers(values.get("Group cipher", ""), _CIPHERS)), 4),
        pairwise=_numbers(values.get("Pairwise ciphers", "CCMP"), _CIPHERS),
        akms=_numbers(values.get("Authentication suites", "802.1X"), _AKMS),
        mfp_capable="MFP-capable" in flags,
        mfp_required="MFP-required" in flags,
    )


def _numbers(text: str, names: dict[str, int]) -> list[int]:
    """Names as iw prints them; a name nobody knows becomes 0, which is no suite at all."""
    numbered = [int(number) for number in _NUMBERED.findall(text)]
    words = _NUMBERED.sub(" ", text).replace("IEEE 802.1X", "802.1X").split()
    return [*numbered, *(names.get(word.strip("*"), 0) for word in words)]


def _ssid(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text)
