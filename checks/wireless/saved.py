"""Makes a `Profile` of what a program has saved, in wpa_supplicant's words; pure.

What matters is the weakest network a profile would join, and whether an enterprise network would
hand the password to anybody who calls himself by the school's name.
"""

from collections.abc import Sequence

from checks.host import Host
from checks.wireless.facts import Profile, ServerCheck
from checks.wireless.security import of_profile


def saved(
    host: Host,
    *,
    ssid_hex: str,
    ways: Sequence[str],
    wep: bool,
    protocols: Sequence[str],
    pairwise: Sequence[str],
    autoconnect: bool,
    hidden: bool,
    user: bool,
    check: ServerCheck,
) -> Profile:
    legacy = _legacy(protocols, pairwise)
    enterprise = any("EAP" in way.upper() or way.upper() == "IEEE8021X" for way in ways)
    return Profile(
        ssid=host.alias("ssid", ssid_hex) if ssid_hex else None,
        security=of_profile(ways, has_wep_key=wep, legacy=legacy),
        legacy=legacy,
        autoconnect=autoconnect,
        scope="user" if user else "machine",
        hidden=hidden,
        server_check=check if enterprise else None,
    )


def _legacy(protocols: Sequence[str], pairwise: Sequence[str]) -> bool:
    only_wpa = bool(protocols) and {p.upper() for p in protocols} <= {"WPA"}
    only_tkip = bool(pairwise) and {p.upper() for p in pairwise} <= {"TKIP"}
    return only_wpa or only_tkip


def server_check(
    methods: Sequence[str], *, authority: bool, name: bool, system: bool
) -> ServerCheck:
    """EAP-PWD proves both sides by the password and needs no certificate."""
    if {method.upper() for method in methods} == {"PWD"}:
        return "name"
    if name and (authority or system):
        return "name"
    return "authority" if authority else "anybody"
