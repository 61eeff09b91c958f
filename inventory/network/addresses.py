"""Addresses on the wire: which of them say anything, who made the thing, and what is kept of a
guest's."""

import functools
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from checks.hardware import placeholders

_SHARED: Final = (
    "00:00:5e:00:01:",
    "00:00:5e:00:02:",
    "00:00:0c:07:ac:",
    "00:05:73:a0:",
    "00:07:b4:00:",
)
"""VRRP, HSRP and GLBP: one address that two routers bear in turn."""
_PURPOSE: Final = "caretaker.network.mac"
_LONGEST_VENDOR: Final = 120


def on_wire(text: str) -> str:
    """One thing's address as `aa:bb:cc:dd:ee:ff`; "" for a group's, a made-up or a broken one."""
    plain = placeholders.mac_key(text)
    if plain is None or int(plain[:2], 16) & 3 or plain == "00:00:00:00:00:00":
        return ""
    return plain


def of_one(text: str) -> str:
    """Likewise, where it tells one device from all others: not those that many share."""
    plain = on_wire(text)
    if not plain or placeholders.is_placeholder_mac(plain) or plain.startswith(_SHARED):
        return ""
    return plain


def digest_of(site_id: str, address: str) -> str:
    """What is kept of an address whose owner is nobody's business. The key lies outside the
    database."""
    return salted_hmac(
        _PURPOSE, f"{site_id}\0{address}", secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


@functools.lru_cache(maxsize=4_096)
def vendor_of(address: str) -> str:
    """Who made it, as IEEE has them on its list; "" where it does not, or the list is not here."""
    try:
        import netaddr  # type: ignore[import-untyped]  # no types come with it
    except ImportError:
        return ""
    try:
        name = netaddr.EUI(address).oui.registration().org
    except (netaddr.NotRegisteredError, netaddr.AddrFormatError, IndexError):
        return ""
    return " ".join(str(name).split())[:_LONGEST_VENDOR]
