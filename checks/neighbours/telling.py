"""Neighbours of a computer: what its system's own list of them may say, the same on every system.

Only what shares a card with one of the school's own ways out is told, known by the MAC that the
policy lists (O19): at home, on a telephone's network, or where the school has listed none, nothing
is, and nobody else's network is even counted. Addresses that a device made up are counted only.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from checks.surveys.lan import WITHHELD, Heard, Neighbours

MOST: Final = 64
"""Told each night by every computer: those it talks to are a dozen."""
_MADE_UP, _GROUP = 0x02, 0x01
"""Bits of a MAC's first byte (IEEE 802)."""
_NOBODY: Final = "00:00:00:00:00:00"


class Row(msgspec.Struct, frozen=True):
    """One line of the system's list: which card, which address, and the MAC that answers for it."""

    card: str
    address: str
    mac: str


def told(rows: Iterable[Row], gateways: Sequence[str]) -> Neighbours:
    """What may leave of a whole list."""
    near = [
        Row(row.card, address, mac)
        for row in rows
        if (mac := plain(row.mac)) and (address := _address(row.address))
    ]
    ours = {plain(mac) for mac in gateways}
    cards = {row.card for row in near if row.mac in ours}
    things: dict[str, set[str]] = {}
    for row in near:
        if row.card in cards:
            things.setdefault(row.mac, set()).add(row.address)
    if not things:
        return WITHHELD
    own = {mac: found for mac, found in things.items() if not int(mac[:2], 16) & _MADE_UP}
    hosts = [Heard(mac, sorted(found, key=_order), ["cache"]) for mac, found in own.items()]
    hosts.sort(key=lambda one: (_order(one.addresses[0]), one.mac))
    return Neighbours(hosts=hosts[:MOST], private=len(things) - len(own))


def plain(mac: str) -> str:
    """A MAC in lower case with colons and all zeros; "" for what is none, or is nobody's own."""
    parts = mac.strip().lower().replace("-", ":").split(":")
    if len(parts) != 6 or not all(_is_byte(part) for part in parts):
        return ""
    full = ":".join(part.zfill(2) for part in parts)
    return "" if full == _NOBODY or int(full[:2], 16) & _GROUP else full


def _is_byte(part: str) -> bool:
    return 0 < len(part) <= 2 and all(digit in "0123456789abcdef" for digit in part)


def _address(text: str) -> str:
    """Of IPv6 without the card behind `%`; "" for what is no thing's own."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return "" if found.is_multicast or found.is_unspecified else str(found)


def _order(text: str) -> tuple[int, int]:
    found = ipaddress.ip_address(text)
    return found.version, int(found)
