"""`netsh wlan show networks mode=bssid`: the networks the cards hear.

In any language: `SSID n` and `BSSID n` stay; below a name stand type, authentication and cipher in
that order; below an access point values are known by their form. Traps: a hidden network has an
empty name; without `mode=bssid` no access points stand there; some translations lose their indents.
"""

import re
from typing import Final

import msgspec

from checks.formats import netsh
from checks.formats.errors import ParseError
from checks.formats.netsh import Pair

_SSID: Final = re.compile(r"\s{0,3}SSID\s*\d{1,4}\s*[:\uff1a] ?(.*)")
_BSSID: Final = re.compile(r"\s*BSSID\s*\d{1,4}\s*[:\uff1a]\s*(\S{1,20})\s*")
_LOAD: Final = re.compile(r"\d{1,3} ?[(\uff08](\d{1,3} ?%|% ?\d{1,3})[)\uff09]")


class Point(msgspec.Struct, frozen=True):
    """One access point. Empty or None: the listing does not say."""

    bssid: str
    signal_percent: int | None
    radio: str
    band_ghz: float | None
    channel: int | None
    stations: int | None
    """Computers joined to it."""
    utilization_percent: int | None
    """How much of the time its channel is in use."""


class Network(msgspec.Struct, frozen=True):
    """One network by its name."""

    interface: str
    """The card that hears it."""
    ssid: str
    """Empty: hidden."""
    authentication: str
    """In the system's language."""
    cipher: str
    security: str
    """One of the closed set, by `netsh.security`."""
    points: list[Point]


def parse(data: bytes) -> list[Network]:
    """The networks; none is a list too. Raises ParseError for another text."""
    lines = netsh.text(data)
    networks: list[Network] = []
    interface, seen = "", False
    here: list[str] = []
    ssid: str | None = None
    for place, line in enumerate(lines):
        name = _SSID.fullmatch(line)
        card = None if name else _card(lines, place)
        if name is None and card is None:
            here.append(line)
            continue
        if ssid is not None:
            networks.append(_network(interface, ssid, here))
        ssid, here, seen = (name[1] if name else None), [], True
        interface = interface if card is None else card
    if ssid is not None:
        networks.append(_network(interface, ssid, here))
    if not seen:
        raise ParseError("netsh: neither a card nor a network in it")
    return networks


def _card(lines: list[str], place: int) -> str | None:
    """The card's name, if this line says whose networks follow: the next counts them."""
    line = lines[place]
    if not line or line[0].isspace() or (found := netsh.pair(line)) is None or not found[1].strip():
        return None
    following = next((one for one in lines[place + 1 : place + 3] if one.strip()), "")
    counts = any(char.isdigit() for char in following) and netsh.pair(following) is None
    return found[1].strip() if counts else None


def _network(interface: str, ssid: str, lines: list[str]) -> Network:
    heads = [place for place, line in enumerate(lines) if _BSSID.fullmatch(line)]
    own = [found for line in lines[: heads[0] if heads else None] if (found := netsh.pair(line))]
    said = [value.strip() for _, value in own[1:3]] + ["", ""]
    ends = [*heads[1:], len(lines)]
    return Network(
        interface=interface,
        ssid=ssid,
        authentication=said[0],
        cipher=said[1],
        security=netsh.security(said[0], said[1]),
        points=[_point(lines[a:b]) for a, b in zip(heads, ends, strict=True)] if heads else [],
    )


def _point(lines: list[str]) -> Point:
    found = _BSSID.fullmatch(lines[0])
    pairs: list[Pair] = [one for line in lines[1:] if (one := netsh.pair(line))]
    values = [value.strip() for _, value in pairs]
    radio = next((i for i, value in enumerate(values) if netsh.RADIO.fullmatch(value)), None)
    after = [] if radio is None else values[radio + 1 :]
    bands = [band for value in after if (band := netsh.GIGAHERTZ.fullmatch(value))]
    signals = [share for value in values if (share := netsh.percent(value)) is not None]
    loads = [(i, load) for i, value in enumerate(values) if (load := _LOAD.fullmatch(value))]
    channels = [whole for value in after[:3] if (whole := netsh.number(value)) is not None]
    return Point(
        bssid=found[1].lower().replace("-", ":") if found else "",
        signal_percent=signals[0] if signals else None,
        radio="" if radio is None else values[radio],
        band_ghz=float(bands[0][1].replace(",", ".")) if bands else None,
        channel=channels[0] if channels else None,
        stations=netsh.number(values[loads[0][0] - 1]) if loads and loads[0][0] else None,
        utilization_percent=netsh.percent(loads[0][1][1]) if loads else None,
    )
