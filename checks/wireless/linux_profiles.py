"""Saved wireless networks of a Linux machine, from each program that keeps them.

- NetworkManager: keyfiles in /run, /etc and /usr/lib (the first of a uuid wins, as there). Files
  are root's alone; without root `nmcli` tells the same but the secrets.
- netplan leaves its results where those two programs read them: /run/NetworkManager and
  /run/netplan.
- wpa_supplicant: /etc/wpa_supplicant/*.conf; ifupdown: /etc/network/interfaces and interfaces.d.
- iwd: /var/lib/iwd (root only, 0700).

Access points and hotspots of the machine's own are no networks it would join.
"""

from collections.abc import Callable, Sequence
from typing import Final

from checks.formats import ifupdown, iwd_profile, nm_keyfile, nmcli_terse, wpa_supplicant_conf
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.unseen import Maybe, Unseen
from checks.wireless.facts import Keeper, Profile, ServerCheck, Source
from checks.wireless.security import of_profile

NM_FOLDERS: Final = (
    "/run/NetworkManager/system-connections",
    "/etc/NetworkManager/system-connections",
    "/usr/lib/NetworkManager/system-connections",
)
_NOT_PROFILES: Final = (".nmmeta", ".pem", ".crt", ".der", ".p12", ".key", "~", ".bak", ".rpmsave")
_NM_KEYS: Final = (
    "connection.autoconnect",
    "connection.permissions",
    "802-11-wireless.ssid",
    "802-11-wireless.mode",
    "802-11-wireless.hidden",
    "802-11-wireless-security.key-mgmt",
    "802-11-wireless-security.proto",
    "802-11-wireless-security.pairwise",
    "802-1x.eap",
    "802-1x.ca-cert",
    "802-1x.ca-path",
    "802-1x.system-ca-certs",
    "802-1x.subject-match",
    "802-1x.altsubject-matches",
    "802-1x.domain-suffix-match",
    "802-1x.domain-match",
)
_NM_WAYS: Final = {
    "none": "NONE",
    "ieee8021x": "IEEE8021X",
    "wpa-psk": "WPA-PSK",
    "sae": "SAE",
    "owe": "OWE",
    "wpa-eap": "WPA-EAP",
    "wpa-eap-suite-b-192": "WPA-EAP-SUITE-B-192",
}


def read_sources(host: Host) -> list[Source]:
    """Each program that keeps any network, or whose files may not be read."""
    readers: tuple[tuple[Keeper, Callable[[Host], list[Profile]]], ...] = (
        ("networkmanager", _network_manager),
        ("wpa_supplicant", _wpa_supplicant),
        ("iwd", _iwd),
        ("ifupdown", _ifupdown),
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


def _network_manager(host: Host) -> list[Profile]:
    try:
        profiles = _keyfiles(host)
    except CannotLook as blind:
        if blind.reason != "denied":
            raise
        try:
            return _nmcli(host)
        except CannotLook:
            raise blind from None  # the files are there; that is the better reason
    return [_nm_profile(host, p) for p in profiles if p.mode != "ap"]


def _keyfiles(host: Host) -> list[nm_keyfile.WifiProfile]:
    found: dict[str, nm_keyfile.WifiProfile] = {}
    for folder in NM_FOLDERS:
        for name in host.list(folder) or []:
            if name.startswith(".") or name.endswith(_NOT_PROFILES):
                continue
            data = host.read(f"{folder}/{name}")
            profile = None if not data else nm_keyfile.parse(data)
            if profile is not None:
                found.setdefault(profile.uuid or name, profile)
    return list(found.values())


def _nm_profile(host: Host, profile: nm_keyfile.WifiProfile) -> Profile:
    way = _NM_WAYS.get(profile.key_mgmt, "?") if profile.secured else "NONE"
    return _profile(
        host,
        ssid_hex=profile.ssid_hex,
        ways=[way],
        wep=profile.secured,
        protocols=profile.protocols,
        pairwise=profile.pairwise,
        autoconnect=profile.autoconnect,
        hidden=profile.hidden,
        user=profile.user_only,
        check=_server_check(
            profile.eap,
            authority=profile.names_authority,
            name=profile.names_server,
            system=profile.uses_system_authorities,
        ),
    )


def _nmcli(host: Host) -> list[Profile]:
    """What NetworkManager itself tells anybody; secrets only if asked for, and they are not."""
    rows = nmcli_terse.parse(_ran(host, ["nmcli", "-t", "-f", "UUID,TYPE", "connection", "show"]))
    uuids = [row[0] for row in rows if len(row) == 2 and row[1] in ("802-11-wireless", "wifi")]
    if not uuids:
        return []
    argv = ["nmcli", "-t", "-f", ",".join(_NM_KEYS), "connection", "show", *uuids]
    shown = nmcli_terse.parse_properties(_ran(host, argv))
    if len(shown) != len(uuids):
        raise CannotLook("parse-error", "nmcli connection show")
    return [_shown(host, one) for one in shown if one.get(_NM_KEYS[3]) != "ap"]


def _shown(host: Host, values: dict[str, str]) -> Profile:
    key_mgmt = values.get("802-11-wireless-security.key-mgmt", "")
    authority = values.get("802-1x.ca-cert") or values.get("802-1x.ca-path") or ""
    system = values.get("802-1x.system-ca-certs") == "yes"
    names = ("subject-match", "altsubject-matches", "domain-suffix-match", "domain-match")
    return _profile(
        host,
        ssid_hex=values.get("802-11-wireless.ssid", "").encode().hex(),
        ways=[_NM_WAYS.get(key_mgmt, "?") if key_mgmt else "NONE"],
        wep=bool(key_mgmt),
        protocols=_words(values.get("802-11-wireless-security.proto", "")),
        pairwise=_words(values.get("802-11-wireless-security.pairwise", "")),
        autoconnect=values.get("connection.autoconnect") != "no",
        hidden=values.get("802-11-wireless.hidden") == "yes",
        user="user:" in values.get("connection.permissions", ""),
        check=_server_check(
            _words(values.get("802-1x.eap", "")),
            authority=bool(authority) and authority not in nm_keyfile.BUNDLES,
            name=any(values.get(f"802-1x.{key}") for key in names),
            system=bool(authority) or system,
        ),
    )


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
    return _profile(
        host,
        ssid_hex=network.ssid_hex,
        ways=network.key_mgmt or _usual_ways(has_psk=network.has_psk, eap=network.eap),
        wep=network.has_wep_key,
        protocols=network.protocols,
        pairwise=network.pairwise,
        autoconnect=network.enabled,
        hidden=network.hidden,
        user=False,
        check=_server_check(
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
    return _profile(
        host,
        ssid_hex=known.ssid_hex,
        ways=["SAE"] if known.kind == "psk" and settings.only_sae else [ways],
        wep=False,
        protocols=[],
        pairwise=[],
        autoconnect=settings.autoconnect,
        hidden=settings.hidden,
        user=False,
        check=_server_check(
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
    return _profile(
        host,
        ssid_hex=stanza.ssid_hex,
        ways=["NONE"] if old else stanza.key_mgmt or ["WPA-PSK"],
        wep=stanza.has_wep_key,
        protocols=stanza.protocols,
        pairwise=stanza.pairwise,
        autoconnect=stanza.autoconnect,
        hidden=stanza.hidden,
        user=False,
        check=_server_check([], authority=False, name=False, system=False),
    )


def _profile(
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


def _server_check(
    methods: Sequence[str], *, authority: bool, name: bool, system: bool
) -> ServerCheck:
    """EAP-PWD proves both sides by the password and needs no certificate."""
    if {method.upper() for method in methods} == {"PWD"}:
        return "name"
    if name and (authority or system):
        return "name"
    return "authority" if authority else "anybody"


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def _ran(host: Host, argv: list[str]) -> bytes:
    ran = host.run(argv)
    if ran.code != 0:
        raise CannotLook("tool-missing", "NetworkManager does not answer")
    return ran.out
