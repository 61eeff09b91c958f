"""What a Mac's wireless card hears.

- Cards: `IEEE80211` in NetworkInterfaces.plist, which everybody may read.
- `system_profiler -json SPAirPortDataType`: the networks of the last scan under
  `spairport_airport_other_local_wireless_networks` (on a network) or
  `spairport_airport_local_wireless_networks` (on none), and the one it is on. No language; a name
  and a kind of protection for each, no address of an access point, no ciphers. Names are
  `<redacted>` from macOS 14.4 on for whoever may not know the place: then nothing is told at all.
`airport -s`, which told more, is gone since macOS 14.4 and is not asked. Read on dumps of macOS 12
and 15; never run on a Mac.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from checks import macos
from checks.formats import ssids
from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host
from checks.macos import flag
from checks.policy import Policy
from checks.surveys import hearing
from checks.surveys.air import AirFacts
from checks.surveys.hearing import NOT_SAID, Point
from checks.unseen import NotHere
from checks.wireless.security import WifiSecurity

_CARDS: Final = "/Library/Preferences/SystemConfiguration/NetworkInterfaces.plist"
_LISTS: Final = (
    "spairport_airport_other_local_wireless_networks",
    "spairport_airport_local_wireless_networks",
)
_CURRENT: Final = "spairport_current_network_information"
_REDACTED: Final = "<redacted>"
_MODE: Final = re.compile(r"s?pairport_security_mode_(\w{1,40})")
_CHANNEL: Final = re.compile(r"\d{1,3}(?!\d)")
_SIGNAL: Final = re.compile(r"(-\d{1,3}) dBm")
_MODES: Final[dict[str, tuple[WifiSecurity, bool]]] = {
    "none": ("open", False),
    "wep": ("wep", False),
    "dynamic_wep": ("wep", False),
    "wpa_personal": ("wpa-psk", True),
    "wpa_enterprise": ("unknown", True),
    "wpa_personal_mixed": ("wpa2-psk", True),
    "wpa_enterprise_mixed": ("wpa2-enterprise", True),
    "wpa2_personal": ("wpa2-psk", False),
    "wpa2_enterprise": ("wpa2-enterprise", False),
    "wpa3_personal": ("wpa3-sae", False),
    "wpa3_transition": ("wpa3-transition", False),
    "wpa3_enterprise": ("wpa3-enterprise", False),
    "owe": ("owe", False),
    "owe_transition": ("open", False),
}
"""What it offers at best, and whether it takes the WPA of 2003 too. Apple writes one value without
its first letter."""


def read_now(host: Host, policy: Policy) -> AirFacts | NotHere:
    """What the card hears, of what the school's policy names. Raises CannotLook."""
    if not _has_card(host):
        return NotHere("it has no wireless card")
    names = [one.ssid for one in policy.ssids]
    if not names:
        return AirFacts(via="airport", heard=NOT_SAID)
    return hearing.facts("airport", list(_points(host)), names)


def _has_card(host: Host) -> bool:
    rows = macos.settings(host, _CARDS).get("Interfaces")
    if not isinstance(rows, list):
        raise CannotLook("parse-error", _CARDS)
    return any(
        isinstance(row, dict)
        and row.get("SCNetworkInterfaceType") == "IEEE80211"
        and flag(row, "Active") is not False
        for row in rows
    )


def _points(host: Host) -> Iterator[Point]:
    """Each network. Raises CannotLook, also where their names are kept from whoever asks."""
    for card in _cards(host):
        for item in card.items:
            networks = item.items if item.name in _LISTS else [item]
            if item.name in _LISTS or item.name == _CURRENT:
                yield from (_point(one) for one in networks if _is_network(one, item.name))


def _cards(host: Host) -> list[Item]:
    found = [
        card
        for kind in macos.profiled(host, "SPAirPortDataType")
        for software in kind.items
        for cards in software.items
        if cards.name == "spairport_airport_interfaces"
        for card in cards.items
    ]
    if not found:
        raise CannotLook("parse-error", "SPAirPortDataType")
    return found


def _is_network(item: Item, list_name: str) -> bool:
    """A Mac's own link to other Macs stands there too, without a name."""
    name = _name(item, list_name)
    if name == _REDACTED:
        raise CannotLook("denied", "names of networks")
    return name is not None and "spairport_security_mode" in item.values


def _name(item: Item, list_name: str) -> str | None:
    name = item.values.get("_name", item.name)
    return name if isinstance(name, str) and name != list_name else None


def _point(item: Item) -> Point:
    name = _name(item, _CURRENT) or ""
    mode = _MODE.fullmatch(str(item.values.get("spairport_security_mode", "")))
    kind = mode[1] if mode else ""
    security, wpa1 = _MODES.get(kind, ("unknown", False))
    channel = _CHANNEL.match(str(item.values.get("spairport_network_channel", "")))
    signal = _SIGNAL.match(str(item.values.get("spairport_signal_noise", "")))
    told = Point(
        bssid="",
        ssid=ssids.text(name.encode("utf-8", "replace")),
        security=security,
        channel=int(channel[0]) if channel else None,
        dbm=int(signal[1]) if signal else None,
    )
    return _with(told, wpa1=wpa1, twin=kind == "owe_transition")


def _with(point: Point, *, wpa1: bool, twin: bool) -> Point:
    """What a mode says for certain; of its absence the list says nothing."""
    if wpa1:
        point = msgspec.structs.replace(point, wpa1=True)
    return msgspec.structs.replace(point, owe_twin=True) if twin else point
