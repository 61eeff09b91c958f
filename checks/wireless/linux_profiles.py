"""Saved wireless networks of a Linux machine, from each program that keeps them.

- NetworkManager: see `linux_networkmanager`.
- netplan leaves its results where those two programs read them: /run/NetworkManager and
  /run/netplan.
- wpa_supplicant: /etc/wpa_supplicant/*.conf; ifupdown: /etc/network/interfaces and interfaces.d.
- iwd: /var/lib/iwd (root only, 0700).
- ConnMan and wicked keep networks too; where one does, that is unseen and never "none".

Access points and hotspots of the machine's own are no networks it would join.
"""

from collections.abc import Callable, Sequence

from checks.formats import ifupdown, iwd_profile, wpa_supplicant_conf
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.unseen import Maybe, Unseen
from checks.wireless import linux_networkmanager
from checks.wireless.facts import Keeper, Profile, Source
from checks.wireless.saved import saved, server_check


def read_sources(host: Host) -> list[Source]:
    """Each program that keeps any network, or whose files may not be read."""
    readers: tuple[tuple[Keeper, Callable[[Host], list[Profile]]], ...] = (
        ("networkmanager", linux_networkmanager.read_profiles),
        ("wpa_supplicant", _wpa_supplicant),
        ("iwd", _iwd),
        ("ifupdown", _ifupdown),
        ("other", _others),
    )
    sources = [Source(keeper, _attempt(reader, host)) for keeper, reader in readers]
    return [s for s in sources if isinstance(s.profiles, Unseen) or len(s.profiles) > 0]


def _attempt(reader: Callable[[Host], list[Profile]], host: Host) -> Maybe[list[Profile]]:
    try:
        found = reader(host)
    except CannotLook as blind:
        return Unseen(blind.reason)
    except ParseError:
        return Unseen("parse-error")
    return sorted(found, key=lambda p: (p.ssid or "", p.security, p.autoconnect))


def _wpa_supplicant(host: Host) -> list[Profile]:
    folders = ("/etc/wpa_supplicant", "/run/netplan")
    paths = [
        f"{folder}/{name}"
        for folder in folders
        for name in host.list(folder) or []
        if name.endswith(".conf")
    ]
    return [profile for path in paths for profile in _wpa_file(host, path)]


def _wpa_file(host: Host, path: str) -> list[Profile]:
    networks = wpa_supplicant_conf.parse(host.read(path) or b"")
    return [_wpa_profile(host, network) for network in networks if network.mode != 2]


def _wpa_profile(host: Host, network: wpa_supplicant_conf.Network) -> Profile:
    return saved(
        host,
        ssid_hex=network.ssid_hex,
        ways=network.key_mgmt or _usual_ways(has_psk=network.has_psk, eap=network.eap),
        wep=network.has_wep_key,
        protocols=network.protocols,
        pairwise=network.pairwise,
        autoconnect=network.enabled,
        hidden=network.hidden,
        user=False,
        check=server_check(
            network.eap,
            authority=network.names_authority,
            name=network.names_server,
            system=network.uses_system_authorities,
        ),
    )


def _usual_ways(*, has_psk: bool, eap: Sequence[str]) -> list[str]:
    """wpa_supplicant's default allows both; which of them can work depends on what is filled in."""
    if has_psk or not eap:
        return ["WPA-PSK"]
    return ["WPA-EAP"]


def _iwd(host: Host) -> list[Profile]:
    folder = "/var/lib/iwd"
    found = []
    for name in host.list(folder) or []:
        known = iwd_profile.parse_name(name)
        if known is not None:
            settings = iwd_profile.parse(host.read(f"{folder}/{name}") or b"")
            found.append(_iwd_profile(host, known, settings))
    return found


def _iwd_profile(host: Host, known: iwd_profile.Name, settings: iwd_profile.Settings) -> Profile:
    ways = {"open": "NONE", "psk": "WPA-PSK", "8021x": "WPA-EAP"}[known.kind]
    return saved(
        host,
        ssid_hex=known.ssid_hex,
        ways=["SAE"] if known.kind == "psk" and settings.only_sae else [ways],
        wep=False,
        protocols=[],
        pairwise=[],
        autoconnect=settings.autoconnect,
        hidden=settings.hidden,
        user=False,
        check=server_check(
            ["eap"],
            authority=settings.names_authority,
            name=settings.names_server,
            system=settings.names_authority,
        ),
    )


def _ifupdown(host: Host) -> list[Profile]:
    folder = "/etc/network/interfaces.d"
    names = host.list(folder) or []
    paths = ["/etc/network/interfaces", *(f"{folder}/{name}" for name in names)]
    stanzas = [s for path in paths for s in ifupdown.parse(host.read(path) or b"")]
    found = [_stanza(host, stanza) for stanza in stanzas if stanza.conf is None]
    confs = {s.conf for s in stanzas if s.conf}
    # Files in its own folder are read as wpa_supplicant's.
    elsewhere = sorted(conf for conf in confs if not conf.startswith("/etc/wpa_supplicant/"))
    return found + [p for conf in elsewhere if conf[0] == "/" for p in _wpa_file(host, conf)]


def _stanza(host: Host, stanza: ifupdown.Stanza) -> Profile:
    # Without any WPA option this is the old wireless-tools way: a WEP key or nothing.
    old = not stanza.has_psk and not stanza.key_mgmt
    return saved(
        host,
        ssid_hex=stanza.ssid_hex,
        ways=["NONE"] if old else stanza.key_mgmt or ["WPA-PSK"],
        wep=stanza.has_wep_key,
        protocols=stanza.protocols,
        pairwise=stanza.pairwise,
        autoconnect=stanza.autoconnect,
        hidden=stanza.hidden,
        user=False,
        check=server_check([], authority=False, name=False, system=False),
    )


def _others(host: Host) -> list[Profile]:
    """Raises CannotLook where a program keeps networks in files that are not read yet."""
    connman = [n for n in host.list("/var/lib/connman") or [] if n.startswith("wifi_")]
    wicked = [n for n in host.list("/etc/sysconfig/network") or [] if n.startswith("ifcfg-wl")]
    if connman or wicked:
        raise CannotLook("unsupported", "ConnMan or wicked")
    return []
