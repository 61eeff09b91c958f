"""The one closed set of Wi-Fi security used everywhere, and which of it a network or a profile is.

Traps: an open network with an OWE twin is itself open; WPA2 with only TKIP is no better than WPA;
SAE without required management frame protection can be talked down, so it counts as transition.
"""

from collections.abc import Collection
from typing import Final, Literal

from checks.formats.rsn import GCMP256, TKIP, WEP40, WEP104, Suites

WifiSecurity = Literal[
    "open",
    "owe",
    "wep",
    "wpa-psk",
    "wpa2-psk",
    "wpa2-enterprise",
    "wpa3-sae",
    "wpa3-transition",
    "wpa3-enterprise",
    "unknown",
]

UNENCRYPTED: Final[frozenset[WifiSecurity]] = frozenset({"open", "wep"})
"""Anyone nearby can read or forge what is sent."""
WEAK: Final[frozenset[WifiSecurity]] = UNENCRYPTED | {"wpa-psk"}

_PERSONAL: Final = frozenset({2, 4, 6, 19, 20})
_SAE: Final = frozenset({8, 9, 24, 25})
_ENTERPRISE: Final = frozenset({1, 3, 5, 11, 12, 13, 22, 23})
_ENTERPRISE_WPA2: Final = frozenset({1, 3})
_OWE: Final = 18
_SUITE_B: Final = 12
_WEP: Final = frozenset({WEP40, WEP104})


def of_network(privacy: bool, rsn: Suites | None, wpa: Suites | None) -> WifiSecurity:
    """What a network offers at best to a modern client, from its beacon.

    `privacy` is the bit of the capability field; a network with neither RSN nor WPA and that bit is
    WEP.
    """
    if rsn is not None:
        return _of_rsn(rsn)
    if wpa is not None:
        # WPA with 802.1X has no name in the set: not weak enough to be open, not WPA2 either.
        return "wpa-psk" if set(wpa.akms) & _PERSONAL else "unknown"
    return "wep" if privacy else "open"


def _of_rsn(rsn: Suites) -> WifiSecurity:
    akms, pairwise = set(rsn.akms), set(rsn.pairwise)
    if pairwise <= _WEP:
        return "wep"
    if akms & _PERSONAL:
        if pairwise <= _WEP | {TKIP}:
            return "wpa-psk"
        return "wpa3-transition" if akms & _SAE else "wpa2-psk"
    if akms & _SAE:
        return "wpa3-sae" if rsn.mfp_required else "wpa3-transition"
    if akms & _ENTERPRISE:
        suite_b = _SUITE_B in akms and GCMP256 in pairwise
        only_new = not akms & _ENTERPRISE_WPA2 and rsn.mfp_required
        return "wpa3-enterprise" if suite_b or only_new else "wpa2-enterprise"
    return "owe" if _OWE in akms else "unknown"


def of_profile(key_management: Collection[str], *, has_wep_key: bool, legacy: bool) -> WifiSecurity:
    """What the weakest network would be that a saved profile lets the machine join.

    `key_management` in wpa_supplicant's words (`NONE WPA-PSK SAE WPA-EAP OWE IEEE8021X …`);
    `legacy`: only the WPA protocol or only TKIP is allowed.
    """
    ways = {way.upper().removeprefix("FT-").removesuffix("-SHA256") for way in key_management}
    if "NONE" in ways:
        return "wep" if has_wep_key else "open"
    if "IEEE8021X" in ways:
        return "wep"  # 802.1X without WPA hands out WEP keys
    if "WPA-PSK" in ways:
        if legacy:
            return "wpa-psk"
        return "wpa3-transition" if ways & {"SAE", "SAE-EXT-KEY"} else "wpa2-psk"
    if ways & {"WPA-EAP", "WPA-EAP-SHA384"}:
        return "unknown" if legacy else "wpa2-enterprise"
    if ways & {"SAE", "SAE-EXT-KEY"}:
        return "wpa3-sae"
    if ways & {"WPA-EAP-SUITE-B", "WPA-EAP-SUITE-B-192"}:
        return "wpa3-enterprise"
    return "owe" if "OWE" in ways else "unknown"
