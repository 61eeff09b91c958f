"""`/etc/network/interfaces`: Wi-Fi options of Debian's ifupdown. Secrets (wpa-psk, wireless-key)
are not read.

Debian's installer writes these on machines without NetworkManager. A stanza starts with `iface NAME
…`; `auto NAME` and `allow-hotplug NAME` make it join by itself. The older `wireless-essid` with
`wireless-key` is WEP, without it open.
"""

import re
from typing import Final

import msgspec

_STARTS: Final = ("iface", "auto", "mapping", "source", "source-directory", "rename", "no-scripts")


class Stanza(msgspec.Struct, frozen=True):
    """One interface that is to join a wireless network."""

    interface: str
    ssid_hex: str
    autoconnect: bool
    key_mgmt: list[str]
    protocols: list[str]
    pairwise: list[str]
    has_psk: bool
    has_wep_key: bool
    hidden: bool
    conf: str | None
    """A wpa_supplicant.conf it points to instead."""


def parse(data: bytes) -> list[Stanza]:
    """Every wireless stanza; all else is skipped."""
    text = data.decode("utf-8", "replace").replace("\\\n", " ")
    stanzas: list[tuple[str, dict[str, str]]] = []
    automatic: set[str] = set()
    inside = False
    for raw in text.split("\n"):
        line = raw.strip()
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if word in _STARTS or word.startswith("allow-"):
            inside = word == "iface" and bool(rest.split())
            if inside:
                stanzas.append((rest.split()[0], {}))
            elif word == "auto" or word.startswith("allow-"):
                automatic.update(rest.split())
        elif inside:
            stanzas[-1][1].setdefault(word.replace("_", "-"), rest.strip())
    return [_stanza(name, options, automatic) for name, options in stanzas if _wireless(options)]


def _wireless(options: dict[str, str]) -> bool:
    return any(key in options for key in ("wpa-ssid", "wpa-conf", "wireless-essid"))


def _stanza(name: str, options: dict[str, str], automatic: set[str]) -> Stanza:
    ssid = options.get("wpa-ssid") or options.get("wireless-essid", "")
    keys = [key for key in options if re.fullmatch(r"wireless-key\d?|wpa-wep-key\d", key)]
    return Stanza(
        interface=name,
        ssid_hex=ssid.strip('"').encode().hex(),
        autoconnect=name in automatic,
        key_mgmt=options.get("wpa-key-mgmt", "").upper().split(),
        protocols=options.get("wpa-proto", "").upper().split(),
        pairwise=options.get("wpa-pairwise", "").upper().split(),
        has_psk="wpa-psk" in options,
        has_wep_key=bool(keys) and "off" not in [options[key] for key in keys],
        hidden=options.get("wpa-scan-ssid") == "1",
        conf=options.get("wpa-conf"),
    )
