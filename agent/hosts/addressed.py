"""The cards of this computer with their addresses, as the system tells any program (psutil)."""

import ipaddress
from typing import Final

import msgspec
import psutil

_NOBODY: Final = "00:00:00:00:00:00"


class Card(msgspec.Struct, frozen=True):
    """One network card. Addresses with their prefix, such as `10.20.0.5/24`."""

    name: str
    mac: str
    addresses: list[str]
    up: bool


def cards() -> list[Card]:
    """Those that have a MAC of their own: no loopback, no tunnel. Raises OSError."""
    up = {name: one.isup for name, one in psutil.net_if_stats().items()}
    found = []
    for name, rows in sorted(psutil.net_if_addrs().items()):
        macs = [row.address for row in rows if row.family == psutil.AF_LINK]
        mac = macs[0].lower().replace("-", ":") if macs else _NOBODY
        own = [text for row in rows if (text := _interface(row.address, row.netmask))]
        if mac != _NOBODY and len(mac) == 17:
            found.append(Card(name, mac, own, up.get(name, False)))
    return found


def _interface(address: str, mask: str | None) -> str:
    """Empty for what is no address. psutil gives IPv6's mask as an address too, or not at all."""
    try:
        plain = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if plain.version == 4:
        return str(ipaddress.IPv4Interface(f"{plain}/{mask or '32'}"))
    bits = 128 if mask is None else int(ipaddress.IPv6Address(mask)).bit_count()
    return f"{plain}/{bits}"
