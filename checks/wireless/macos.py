"""macOS wireless: the networks the Mac knows, and the one each card is on.

- Cards: `IEEE80211` in NetworkInterfaces.plist, which everybody may read.
- Saved: com.apple.wifi.known-networks.plist (macOS 11 and newer), for root with Full Disk Access
  only; before that `KnownNetworks` of com.apple.airport.preferences.plist. A profile's networks
  stand there too. Where neither file holds any, `networksetup` must not know one either: a release
  that keeps them elsewhere is unseen, never "none". Keys lie in the keychain and are never read.
- `SupportedSecurityTypes` ("WPA2/WPA3 Personal") is all that a network may be; `AutoJoinDisabled`
  or, on newer releases, `AutoJoin` is written only once somebody chose about joining.
- Enterprise networks: a profile names the server or its authority (`EAPClientConfiguration`);
  without one macOS asks whoever sits there, who takes any certificate.
- On now: `system_profiler -json SPAirPortDataType`. Names of keys are no language's; Apple writes
  one value without its first letter. Without leave to know the place the name is `<redacted>`.
Read on a dump of macOS 15.5 (the link) and written from public readers of the files; never run on a
Mac.
"""

import re
from typing import Any, Final

from checks import macos
from checks.formats.system_profiler import Item
from checks.host import CannotLook, Host, attempt, output
from checks.macos import Payload, Settings, flag, text
from checks.unseen import Maybe, NotHere, Unseen
from checks.wireless.facts import Link, Profile, ServerCheck, Source, WirelessFacts, WirelessNow
from checks.wireless.saved import server_check
from checks.wireless.security import WifiSecurity

_SYSTEM: Final = "/Library/Preferences/SystemConfiguration"
_CARDS: Final = f"{_SYSTEM}/NetworkInterfaces.plist"
_KNOWN: Final = "/Library/Preferences/com.apple.wifi.known-networks.plist"
_BEFORE: Final = f"{_SYSTEM}/com.apple.airport.preferences.plist"
_NETWORKSETUP: Final = "/usr/sbin/networksetup"
_LARGEST: Final = 8 << 20
_NAMED: Final = "wifi.network.ssid."
_HIDDEN_NAME: Final = ("", "<redacted>")
_BYTES: Final = re.compile(r"(?:[0-9a-f]{2}){1,32}")
_JOINED: Final = "spairport_status_connected"
_APART: Final = tuple(
    f"spairport_status_{word}"
    for word in ("inactive", "off", "disconnected", "disassociated", "not_associated")
)
_MODE: Final = re.compile(r"s?pairport_security_mode_(\w{1,40})")
_MODES: Final[dict[str, WifiSecurity]] = {
    "none": "open",
    "wep": "wep",
    "dynamic_wep": "wep",
    "wpa_personal": "wpa-psk",
    "wpa_personal_mixed": "wpa2-psk",
    "wpa2_personal": "wpa2-psk",
    "wpa2_personal_mixed": "wpa2-psk",
    "wpa2_enterprise": "wpa2-enterprise",
    "wpa2_enterprise_mixed": "wpa2-enterprise",
    "wpa_enterprise_mixed": "wpa2-enterprise",
    "wpa3_personal": "wpa3-sae",
    "wpa3_transition": "wpa3-transition",
    "wpa3_enterprise": "wpa3-enterprise",
    "owe": "owe",
}
"""What the network offers at best. WPA with 802.1X and a network whose open twin the Mac may be on
(`owe_transition`) have no name in the set."""
_TYPES: Final[dict[str, WifiSecurity]] = {
    "open": "open",
    "none": "open",
    "wep": "wep",
    "dynamic wep": "wep",
    "wpa personal": "wpa-psk",
    "wpa/wpa2 personal": "wpa2-psk",
    "wpa2 personal": "wpa2-psk",
    "wpa2/wpa3 personal": "wpa3-transition",
    "wpa/wpa2/wpa3 personal": "wpa3-transition",
    "wpa3 personal": "wpa3-sae",
    "wpa/wpa2 enterprise": "wpa2-enterprise",
    "wpa2 enterprise": "wpa2-enterprise",
    "wpa2/wpa3 enterprise": "wpa2-enterprise",
    "wpa/wpa2/wpa3 enterprise": "wpa2-enterprise",
    "wpa3 enterprise": "wpa3-enterprise",
    "enhanced open": "owe",
    "owe": "owe",
    "owe transition": "open",
    "open/owe": "open",
}
"""The weakest network each of them may be."""


def read(host: Host) -> WirelessFacts | NotHere:
    """Cards and saved networks."""
    cards = _cards(host)
    saved = attempt(_saved, host, cards)
    if not cards and not isinstance(saved, Unseen) and not saved:
        return NotHere("it has no wireless card")
    kept = isinstance(saved, Unseen) or bool(saved)
    return WirelessFacts(radios=len(cards), sources=[Source("macos", saved)] if kept else [])


def read_now(host: Host) -> WirelessNow:
    """The links now; none without a card."""
    return WirelessNow(links=attempt(_links, host))


def _cards(host: Host) -> list[str]:
    """Cards that are there, as far as the list says."""
    there = [row for row in _listed(host) if flag(row, "Active") is not False]
    return sorted(text(row, "BSD Name") or "" for row in there)


def _listed(host: Host) -> list[Settings]:
    """All cards the Mac ever had. Raises CannotLook."""
    rows = macos.settings(host, _CARDS).get("Interfaces")
    if not isinstance(rows, list):
        raise CannotLook("parse-error", _CARDS)
    return [
        row
        for row in rows
        if isinstance(row, dict) and row.get("SCNetworkInterfaceType") == "IEEE80211"
    ]


def _saved(host: Host, cards: list[str]) -> list[Profile]:
    """Each network the Mac knows. Raises CannotLook."""
    networks = _known(host) or _known_before(host)
    if not networks:
        _sure_of_none(host, cards)
    enterprise = any(_is_enterprise(types) for _, _, types in networks)
    payloads = macos.payloads(host, "com.apple.wifi.managed") if enterprise else []
    found = [_profile(host, *network, payloads) for network in networks]
    return sorted(found, key=lambda one: (one.ssid or "", one.security, one.autoconnect))


_Network = tuple[str, Settings, list[str]]
"""Its name as hexadecimal text, what is kept of it, and all it may be."""


def _known(host: Host) -> list[_Network]:
    key = "SupportedSecurityTypes"
    return [
        (_ssid(one.get("SSID"), name.removeprefix(_NAMED)), one, _types(one, key))
        for name, one in macos.settings(host, _KNOWN, _LARGEST).items()
        if isinstance(one, dict) and (name.startswith(_NAMED) or key in one)
    ]


def _known_before(host: Host) -> list[_Network]:
    found = macos.settings(host, _BEFORE, _LARGEST).get("KnownNetworks", {})
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise CannotLook("parse-error", "KnownNetworks")
    return [
        (_ssid(one.get("SSID"), text(one, "SSIDString") or ""), one, _types(one, "SecurityType"))
        for one in found.values()
    ]


def _sure_of_none(host: Host, cards: list[str]) -> None:
    """Whether macOS itself knows none, by lines below the first. Raises CannotLook."""
    for card in cards[:4]:
        lines = output(host, [_NETWORKSETUP, "-listpreferredwirelessnetworks", card]).splitlines()
        if any(line.strip() for line in lines[1:]):
            raise CannotLook("unsupported", "networks are kept elsewhere")


def _ssid(data: object, name: str) -> str:
    """Bytes stand as hexadecimal text in a list; any other text is the name itself."""
    if isinstance(data, str) and data != name and _BYTES.fullmatch(data):
        return data
    return name.encode("utf-8", "replace").hex()


def _types(network: Settings, key: str) -> list[str]:
    found = network.get(key)
    rows = found if isinstance(found, list) else [found]
    return [row.strip().lower() if isinstance(row, str) else "" for row in rows]


def _is_enterprise(types: list[str]) -> bool:
    return any("enterprise" in one for one in types)


def _profile(
    host: Host, ssid_hex: str, network: Settings, types: list[str], payloads: list[Payload]
) -> Profile:
    disabled = flag(network, "AutoJoinDisabled") or flag(network, "Disabled")
    disabled = disabled or flag(network, "AutoJoin") is False
    check = _server_check(ssid_hex, payloads) if _is_enterprise(types) else None
    return Profile(
        ssid=host.alias("ssid", ssid_hex) if ssid_hex else None,
        security=_weakest(types),
        legacy=bool(types) and all(one in ("wpa personal", "wpa enterprise") for one in types),
        autoconnect=not disabled,
        scope="machine",
        hidden=flag(network, "Hidden") is True or flag(network, "HiddenNetwork") is True,
        server_check=check,
    )


def _weakest(types: list[str]) -> WifiSecurity:
    found = [_TYPES.get(one, "unknown") for one in types] or ["unknown"]
    order: tuple[WifiSecurity, ...] = ("open", "wep", "unknown", "wpa-psk", "wpa2-psk")
    return min(found, key=lambda one: order.index(one) if one in order else len(order))


def _server_check(ssid_hex: str, payloads: list[Payload]) -> ServerCheck:
    """What the profile that gave the network says of its server."""
    for payload in payloads:
        name = payload.content.get("SSID_STR")
        eap = payload.content.get("EAPClientConfiguration")
        if isinstance(name, str) and name.encode().hex() == ssid_hex and isinstance(eap, dict):
            named, anchors = eap.get("TLSTrustedServerNames"), _anchors(eap)
            return server_check(["eap"], authority=anchors, name=bool(named), system=True)
    return "anybody"


def _anchors(eap: dict[str, Any]) -> bool:
    return bool(eap.get("PayloadCertificateAnchorUUID") or eap.get("TLSTrustedCertificates"))


def _links(host: Host) -> list[Link]:
    """One for each card that is on a network; one that is listed as gone is asked for all the same.

    Raises CannotLook.
    """
    if not _listed(host):
        return []
    found = [
        card
        for kind in macos.profiled(host, "SPAirPortDataType")
        for software in kind.items
        for cards in software.items
        if cards.name == "spairport_airport_interfaces"
        for card in cards.items
    ]
    if not any("spairport_status_information" in card.values for card in found):
        if _cards(host):
            raise CannotLook("parse-error", "SPAirPortDataType")
        return []
    return [_link(host, card) for card in found if _is_on(card)]


def _is_on(card: Item) -> bool:
    """Whether it is on a network; what Macs talk to each other by says nothing of that. Raises
    CannotLook for a state nobody knows, unless the network stands beside it."""
    state = card.values.get("spairport_status_information")
    if state is None or state in _APART:
        return False
    if state != _JOINED and card.find("spairport_current_network_information") is None:
        raise CannotLook("parse-error", "spairport_status_information")
    return True


def _link(host: Host, card: Item) -> Link:
    network = card.find("spairport_current_network_information")
    mode = None if network is None else network.values.get("spairport_security_mode")
    known = _MODE.fullmatch(mode) if isinstance(mode, str) else None
    if network is None or known is None:
        return Link(card.name, Unseen("parse-error"), Unseen("parse-error"))
    name = network.values.get("_name")
    hidden = not isinstance(name, str) or name in _HIDDEN_NAME
    ssid: Maybe[str | None] = Unseen("denied")
    if isinstance(name, str) and not hidden:
        ssid = host.alias("ssid", name.encode("utf-8", "replace").hex())
    return Link(card.name, ssid, _MODES.get(known[1], "unknown"))
