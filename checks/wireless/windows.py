r"""Windows wireless: the profiles of the wireless service, and the network each card is on.

- Cards: `MSFT_NetAdapter` in `root/StandardCimv2`, `NdisPhysicalMedium` 9 (802.11) of real
  hardware; up is `InterfaceOperationalStatus` 1.
- Saved: `C:\ProgramData\Microsoft\Wlansvc\Profiles\Interfaces\{card}\*.xml`, for administrators
  only and in no language. Keys in them are never read. Networks that Group Policy gives lie
  elsewhere and are the school's own: not read.
- On now: `MSFT_NetConnectionProfile` names the network a card is on; the saved profile of that name
  says how it is secured, because Windows joins nothing else by it. Windows 11 24H2 keeps the link
  itself from everybody without consent to location, netsh with it. A network that is named after
  the school's domain fits no profile: unseen.
No Windows machine was at hand: written from Microsoft's documentation of the profile and classes.
"""

import functools
import re
from typing import Final, cast, get_args

from checks.formats import wlan_profile_xml
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, attempt
from checks.unseen import Maybe, NotHere, Unseen
from checks.windows import Row, row_flag, row_number, row_text
from checks.wireless.facts import Link, Profile, Source, WirelessFacts, WirelessNow
from checks.wireless.saved import server_check
from checks.wireless.security import WifiSecurity

_NAMESPACE: Final = "root/StandardCimv2"
_ADAPTER: Final = (
    *("HardwareInterface", "InterfaceIndex", "InterfaceOperationalStatus", "Name"),
    "NdisPhysicalMedium",
)
_CONNECTION: Final = ("InterfaceIndex", "Name")
_FOLDER: Final = r"C:\ProgramData\Microsoft\Wlansvc\Profiles\Interfaces"
_WIFI, _UP = 9, 1
_LARGEST: Final = 1 << 18
_MOST: Final = 1_000
_KINDS: Final = frozenset(get_args(WifiSecurity))
_AGAIN: Final = re.compile(r" \d{1,3}$")
"""What Windows adds to the name of a network that it has met under that name before."""

Saved = list[tuple[str, Profile]]


def read(host: Host) -> WirelessFacts | NotHere:
    """Cards and saved networks."""
    radios = len(_cards(host))
    saved = attempt(_saved, host)
    if not radios and not isinstance(saved, Unseen) and not saved:
        return NotHere("it has no wireless card")
    profiles: Maybe[list[Profile]] = saved if isinstance(saved, Unseen) else _ordered(saved)
    kept = isinstance(profiles, Unseen) or bool(profiles)
    return WirelessFacts(radios=radios, sources=[Source("windows", profiles)] if kept else [])


def read_now(host: Host) -> WirelessNow:
    """The links now."""
    return WirelessNow(links=attempt(_links, host))


def _ordered(saved: Saved) -> list[Profile]:
    return sorted(
        (one for _, one in saved), key=lambda p: (p.ssid or "", p.security, p.autoconnect)
    )


def _cards(host: Host) -> list[Row]:
    rows = host.wmi("MSFT_NetAdapter", _NAMESPACE, _ADAPTER)
    return [
        row
        for row in rows
        if row_number(row, "NdisPhysicalMedium") == _WIFI
        and row_flag(row, "HardwareInterface") is not False
    ]


@functools.lru_cache(maxsize=1)  # two sections are read from one answer; a host sees one round
def _saved(host: Host) -> Saved:
    """Each profile by its name. Raises CannotLook."""
    found: Saved = []
    for card in host.list(_FOLDER) or []:
        for name in host.list(rf"{_FOLDER}\{card}") or []:
            if name.lower().endswith(".xml"):
                found += _profiles(host, rf"{_FOLDER}\{card}\{name}")
            if len(found) > _MOST:
                raise CannotLook("too-large", _FOLDER)
    return found


def _profiles(host: Host, path: str) -> Saved:
    data = host.read(path, _LARGEST)
    if data is None:
        return []
    try:
        one = wlan_profile_xml.parse(data)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    return [(one.name, _profile(host, one, ssid)) for ssid in one.ssids_hex or [""]]


def _profile(host: Host, one: wlan_profile_xml.Profile, ssid_hex: str) -> Profile:
    check = server_check(
        ["eap"],
        authority=one.trusted_roots > 0,
        name=bool(one.server_names),
        system=one.asks_about_servers is False,
    )
    wpa = one.authentication.upper() in ("WPA", "WPAPSK")
    return Profile(
        ssid=host.alias("ssid", ssid_hex) if ssid_hex else None,
        security=cast("WifiSecurity", one.security) if one.security in _KINDS else "unknown",
        legacy=wpa or one.encryption.upper() == "TKIP",
        autoconnect=one.automatic,
        scope="machine",
        hidden=one.hidden,
        server_check=check if one.one_x else None,
    )


def _links(host: Host) -> list[Link]:
    """One for each card that is on a network. Raises CannotLook."""
    up = [row for row in _cards(host) if row_number(row, "InterfaceOperationalStatus") == _UP]
    if not up:
        return []
    connections = host.wmi("MSFT_NetConnectionProfile", _NAMESPACE, _CONNECTION)
    names = {row_number(row, "InterfaceIndex"): row_text(row, "Name") for row in connections}
    saved = attempt(_saved, host)
    return [_link(row, names.get(row_number(row, "InterfaceIndex")), saved) for row in up]


def _link(card: Row, network: str | None, saved: Maybe[Saved]) -> Link:
    interface = row_text(card, "Name") or ""
    if isinstance(saved, Unseen):
        return Link(interface, saved, saved)
    fitting = [profile for name, profile in saved if network is not None and name == network]
    if not fitting and network is not None:
        plain = _AGAIN.sub("", network)
        fitting = [profile for name, profile in saved if name == plain]
    if len({(one.ssid, one.security) for one in fitting}) != 1:
        return Link(interface, Unseen("unsupported"), Unseen("unsupported"))
    return Link(interface, fitting[0].ssid, fitting[0].security)
