"""`netsh wlan show interfaces`: each wireless card and the network it is joined to.

In any language: a card begins two lines before the line whose value is a GUID; the network's name
stands before the second hardware address; authentication and cipher follow the radio. Windows 11
adds the card's type, the band and the key management suite, later ones the signal in dBm too.
"""

import re
from typing import Final

import msgspec

from checks.formats import netsh
from checks.formats.errors import ParseError
from checks.formats.netsh import Pair

_GUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")


_UNIT: Final = re.compile(r"[(\uff08]")


class Link(msgspec.Struct, frozen=True):
    """The network a card is joined to. Empty or None: the listing does not say."""

    ssid: str
    bssid: str
    radio: str
    """Such as `802.11ax`."""
    authentication: str
    """In the system's language."""
    cipher: str
    security: str
    """One of the closed set, by `netsh.security`."""
    band_ghz: float | None
    channel: int | None
    receive_mbps: float | None
    transmit_mbps: float | None
    signal_percent: int | None
    profile: str


class Card(msgspec.Struct, frozen=True):
    """One wireless card."""

    name: str
    description: str
    guid: str
    mac: str
    link: Link | None
    """None: not joined."""


def parse(data: bytes) -> list[Card]:
    """The cards. Raises ParseError where there is none: a message, or another listing."""
    pairs = [found for line in netsh.text(data) if (found := netsh.pair(line))]
    starts = [place for place, (_, value) in enumerate(pairs) if _GUID.fullmatch(value.strip())]
    if not starts:
        raise ParseError("netsh: no wireless card in it")
    ends = [max(place - 2, 0) for place in starts[1:]] + [len(pairs)]
    return [_card(pairs, start, end) for start, end in zip(starts, ends, strict=True)]


def _card(pairs: list[Pair], start: int, end: int) -> Card:
    before = ["", "", *(value.strip() for _, value in pairs[max(start - 2, 0) : start])]
    rest = [(label, value.strip()) for label, value in pairs[start + 1 : end]]
    addresses = [place for place, (_, value) in enumerate(rest) if netsh.MAC.fullmatch(value)]
    named = [place for place, (label, _) in enumerate(rest) if label.upper() == "SSID"]
    joined = named[:1] or [place - 1 for place in addresses[1:2] if place > addresses[0] + 1]
    return Card(
        name=before[-2],
        description=before[-1],
        guid=pairs[start][1].strip().strip("{}").lower(),
        mac=_mac(rest[addresses[0]][1]) if addresses else "",
        link=_link(rest[joined[0] :], pairs[start + 1 + joined[0]][1]) if joined else None,
    )


def _link(rest: list[Pair], ssid: str) -> Link:
    """From the network's name on."""
    values = [value for _, value in rest]
    bssid = values[1] if len(values) > 1 and netsh.MAC.fullmatch(values[1]) else ""
    radio = next((i for i, value in enumerate(values) if netsh.RADIO.fullmatch(value)), None)
    after = ["", ""] if radio is None else [*values[radio + 1 : radio + 3], "", ""]
    whole = [netsh.number(value) for label, value in rest[1:] if not _UNIT.search(label)]
    rates = [_decimal(v) for la, v in rest[1:] if _UNIT.search(la) and netsh.DECIMAL.fullmatch(v)]
    bands = [found for value in values[1:] if (found := netsh.GIGAHERTZ.fullmatch(value))]
    akm = next((value for value in values[1:] if netsh.AKM.search(value)), "")
    signal, profile = _signal(values[1:])
    return Link(
        ssid=ssid,
        bssid=_mac(bssid),
        radio="" if radio is None else values[radio],
        authentication=after[0],
        cipher=after[1],
        security=netsh.security(after[0], after[1], akm),
        band_ghz=_decimal(bands[0][1]) if bands else None,
        channel=next((one for one in whole if one is not None), None),
        receive_mbps=rates[0] if rates else None,
        transmit_mbps=rates[1] if len(rates) > 1 else None,
        signal_percent=signal,
        profile=profile,
    )


def _signal(values: list[str]) -> tuple[int | None, str]:
    """The signal, and the profile, which follows it; a negative number between is in dBm."""
    for place, value in enumerate(values):
        if (found := netsh.percent(value)) is not None:
            left = [one for one in values[place + 1 : place + 3] if not re.fullmatch(r"-\d+", one)]
            return found, left[0] if left else ""
    return None, ""


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def _mac(text: str) -> str:
    return text.lower().replace("-", ":")
