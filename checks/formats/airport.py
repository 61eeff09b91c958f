"""The wireless link and the neighbours of a Mac: `airport -I` and `-s` (until macOS 14.4), and
`wdutil info` after it.

Traps: `AirPort: Off` and a card joined to nothing both answer without a name; a link's own
`802.11 auth` is `open` for every WPA network, only `link auth` says how it is protected; in a list
the names stand right-aligned and may hold anything, so a row is read from its BSSID; new systems
hide names and BSSIDs (`<redacted>`, empty) from whoever may not know the place.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_LONGEST: Final = 400
_LINE: Final = re.compile(r"^ *([A-Za-z0-9][A-Za-z0-9 .\[\]]{0,24}?) *: ?(.*)$")
_ROW: Final = re.compile(
    r"^ {0,32}(.{0,32}) ((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}|) +(-?\d{1,3})"
    r" +(\d{1,3}(?:,[+-]?\d{1,3})?) +([YN]) +(\S{2}) (.*)$"
)
_HEAD: Final = re.compile(r"^ *SSID BSSID +RSSI CHANNEL")
_RULE: Final = re.compile(r"^[—\u2500-]{8,}$")
_HIDDEN: Final = ("", "None", "<redacted>")


class Link(msgspec.Struct, frozen=True):
    """The card and what it is joined to. `security` as printed; None: not joined, or not told."""

    power: bool
    joined: bool
    ssid: str | None
    bssid: str | None
    security: str | None
    channel: str | None
    mode: str | None
    rssi_dbm: int | None
    noise_dbm: int | None
    rate_mbps: int | None


class Heard(msgspec.Struct, frozen=True):
    """One network heard. `security` as printed, such as `WPA2(PSK/AES/AES)`."""

    ssid: str
    bssid: str
    rssi_dbm: int
    channel: str
    security: str


class Airport(msgspec.Struct, frozen=True):
    """The answer: a link, or what was heard."""

    link: Link | None
    heard: list[Heard]
    values: dict[str, str]
    """Every `key: value` line of the link."""


def parse(data: bytes) -> Airport:
    """Read any of the answers. Raises ParseError."""
    lines = data.decode("utf-8", "replace").splitlines()
    head = next((at for at, line in enumerate(lines[:20]) if _HEAD.match(line)), None)
    if head is not None:
        return Airport(None, _heard(lines[head + 1 :]), {})
    values = _values(lines)
    if "AirPort" in values and "state" not in values:
        return Airport(_off(), [], values)
    if "state" in values and "802.11 auth" in values:
        return Airport(_of_airport(values), [], values)
    if "Op Mode" in values and "Power" in values:
        return Airport(_of_wdutil(values), [], values)
    raise ParseError("airport: neither a link nor a list")


def _heard(lines: list[str]) -> list[Heard]:
    found = []
    for line in lines:
        row = _ROW.match(line) if len(line) < _LONGEST else None
        if row:
            found.append(Heard(row[1].strip(), row[2], int(row[3]), row[4], row[7].strip()))
        elif line.strip().endswith("IBSS networks found:") or _HEAD.match(line):
            continue
        elif line.strip():
            raise ParseError("airport: a row of another form")
    return found


def _values(lines: list[str]) -> dict[str, str]:
    """wdutil's part about Wi-Fi, or all; a line without a key goes on with the one before it."""
    rules = [at for at, line in enumerate(lines) if _RULE.match(line.strip())]
    starts = [at for at in rules if lines[at + 1 : at + 2] == ["WIFI"]]
    if starts:
        body = lines[starts[0] + 3 :]
        end = next((at for at, line in enumerate(body) if _RULE.match(line.strip())), len(body))
        lines = body[:end]
    found: dict[str, str] = {}
    for line in lines:
        row = _LINE.match(line)
        if row:
            found.setdefault(row[1].strip(), row[2].strip())
    return found


def _off() -> Link:
    return Link(*(False, False), *(None,) * 8)


def _of_airport(values: dict[str, str]) -> Link:
    joined = values.get("lastAssocStatus") == "0" and values.get("state") == "running"
    ssid = values.get("SSID")
    named = joined and (ssid is not None or "BSSID" in values)
    return Link(
        power=values["state"] != "off",
        joined=named,
        ssid=ssid if named and ssid else None,
        bssid=_address(values.get("BSSID", "")) if named else None,
        security=values.get("link auth") if named else None,
        channel=values.get("channel") or None,
        mode=values.get("op mode", "").strip() or None,
        rssi_dbm=_number(values.get("agrCtlRSSI")) if named else None,
        noise_dbm=_number(values.get("agrCtlNoise")) if named else None,
        rate_mbps=_number(values.get("lastTxRate")) if named else None,
    )


def _of_wdutil(values: dict[str, str]) -> Link:
    mode = values["Op Mode"]
    joined = mode not in _HIDDEN and values["Power"].startswith("On")
    ssid, security = values.get("SSID", ""), values.get("Security", "")
    return Link(
        power=values["Power"].startswith("On"),
        joined=joined,
        ssid=ssid if joined and ssid not in _HIDDEN else None,
        bssid=_address(values.get("BSSID", "")) if joined else None,
        # `None` is the word for an open network; without a link it stands for nothing.
        security=security or None if joined else None,
        channel=values.get("Channel") or None,
        mode=mode if joined else None,
        rssi_dbm=_number(values.get("RSSI")) if joined else None,
        noise_dbm=_number(values.get("Noise")) if joined else None,
        rate_mbps=_number(values.get("Tx Rate")) if joined else None,
    )


def _address(text: str) -> str | None:
    """Old systems leave out leading zeros (`3c:37:6:…`)."""
    parts = text.lower().split(":")
    hexadecimal = all(
        part and len(part) <= 2 and not part.strip("0123456789abcdef") for part in parts
    )
    return ":".join(part.zfill(2) for part in parts) if len(parts) == 6 and hexadecimal else None


def _number(text: str | None) -> int | None:
    found = re.match(r"-?\d{1,6}", text or "")
    return int(found[0]) if found else None
