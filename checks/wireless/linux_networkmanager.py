"""NetworkManager's saved wireless networks: its keyfiles, or, without root, what `nmcli` tells
anybody.

Files are in /run (netplan's too), /etc and /usr/lib; the first of a uuid wins, as it does there.
They are root's alone because they hold keys; `nmcli` gives the same without the keys to whoever may
see the connection. An access point of the machine's own is no network it would join.
"""

from typing import Final

from checks.formats import ifcfg, nm_keyfile, nmcli_terse
from checks.formats.nmcli_terse import NMCLI
from checks.host import CannotLook, Host
from checks.wireless.facts import Profile
from checks.wireless.saved import saved, server_check

NM_FOLDERS: Final = (
    "/run/NetworkManager/system-connections",
    "/etc/NetworkManager/system-connections",
    "/usr/lib/NetworkManager/system-connections",
)
IFCFG_FOLDER: Final = "/etc/sysconfig/network-scripts"
"""Red Hat's older files, which NetworkManager still reads up to release 9."""
_NOT_PROFILES: Final = (".nmmeta", ".pem", ".crt", ".der", ".p12", ".key", "~", ".bak", ".rpmsave")
_MODE: Final = "802-11-wireless.mode"
_SSID: Final = "802-11-wireless.ssid"
_NM_KEYS: Final = (
    "connection.autoconnect",
    "connection.permissions",
    _MODE,
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


def read_profiles(host: Host) -> list[Profile]:
    """Its saved networks. Raises CannotLook, with the files' reason where both ways fail."""
    try:
        return [*_keyfiles(host), *_ifcfgs(host)]
    except CannotLook as blind:
        if blind.reason != "denied":
            raise
        try:
            return _nmcli(host)
        except CannotLook:
            raise blind from None  # the files are there; that is the better reason


def _ifcfgs(host: Host) -> list[Profile]:
    names = [n for n in host.list(IFCFG_FOLDER) or [] if n.startswith("ifcfg-")]
    files = [ifcfg.parse(host.read(f"{IFCFG_FOLDER}/{name}") or b"") for name in names]
    return [_ifcfg_profile(host, one) for one in files if one is not None and one.mode != "ap"]


def _ifcfg_profile(host: Host, profile: ifcfg.WifiProfile) -> Profile:
    return saved(
        host,
        ssid_hex=profile.ssid_hex,
        ways=[profile.key_mgmt or "NONE"],
        wep=profile.has_wep_key,
        protocols=profile.protocols,
        pairwise=profile.pairwise,
        autoconnect=profile.autoconnect,
        hidden=profile.hidden,
        user=profile.user_only,
        check=server_check(
            profile.eap,
            authority=profile.names_authority,
            name=profile.names_server,
            system=profile.uses_system_authorities,
        ),
    )


def _keyfiles(host: Host) -> list[Profile]:
    found: dict[str, nm_keyfile.WifiProfile] = {}
    for folder in NM_FOLDERS:
        for name in host.list(folder) or []:
            if name.startswith(".") or name.endswith(_NOT_PROFILES):
                continue
            data = host.read(f"{folder}/{name}")
            profile = None if not data else nm_keyfile.parse(data)
            if profile is not None:
                found.setdefault(profile.uuid or name, profile)
    return [_nm_profile(host, one) for one in found.values() if one.mode != "ap"]


def _nm_profile(host: Host, profile: nm_keyfile.WifiProfile) -> Profile:
    way = _NM_WAYS.get(profile.key_mgmt, "?") if profile.secured else "NONE"
    return saved(
        host,
        ssid_hex=profile.ssid_hex,
        ways=[way],
        wep=profile.secured,
        protocols=profile.protocols,
        pairwise=profile.pairwise,
        autoconnect=profile.autoconnect,
        hidden=profile.hidden,
        user=profile.user_only,
        check=server_check(
            profile.eap,
            authority=profile.names_authority,
            name=profile.names_server,
            system=profile.uses_system_authorities,
        ),
    )


def _nmcli(host: Host) -> list[Profile]:
    """What NetworkManager itself tells anybody; secrets only if asked for, and they are not."""
    rows = nmcli_terse.parse(_ran(host, [*NMCLI, "-t", "-f", "UUID,TYPE", "connection", "show"]))
    uuids = [row[0] for row in rows if len(row) == 2 and row[1] in ("802-11-wireless", "wifi")]
    if not uuids:
        return []
    show = ["connection", "show", *uuids]
    shown = nmcli_terse.parse_properties(
        _ran(host, [*NMCLI, "-t", "-f", ",".join(_NM_KEYS), *show])
    )
    if len(shown) != len(uuids):
        raise CannotLook("parse-error", "nmcli connection show")
    # Names are asked for apart: one may hold a newline and would forge a line about security.
    names = _ran(host, [*NMCLI, "-t", "-f", _SSID, *show]).decode("utf-8", "replace").splitlines()
    told = [name.removeprefix(f"{_SSID}:") for name in names if name]
    ssids = told if len(told) == len(uuids) else [""] * len(uuids)
    both = zip(shown, ssids, strict=True)
    return [_shown(host, one, ssid) for one, ssid in both if one.get(_MODE) != "ap"]


def _shown(host: Host, values: dict[str, str], ssid: str) -> Profile:
    key_mgmt = values.get("802-11-wireless-security.key-mgmt", "")
    authority = values.get("802-1x.ca-cert") or values.get("802-1x.ca-path") or ""
    system = values.get("802-1x.system-ca-certs") == "yes"
    names = ("subject-match", "altsubject-matches", "domain-suffix-match", "domain-match")
    return saved(
        host,
        ssid_hex=ssid.encode().hex(),
        ways=[_NM_WAYS.get(key_mgmt, "?") if key_mgmt else "NONE"],
        wep=bool(key_mgmt),
        protocols=_words(values.get("802-11-wireless-security.proto", "")),
        pairwise=_words(values.get("802-11-wireless-security.pairwise", "")),
        autoconnect=values.get("connection.autoconnect") != "no",
        hidden=values.get("802-11-wireless.hidden") == "yes",
        user="user:" in values.get("connection.permissions", ""),
        check=server_check(
            _words(values.get("802-1x.eap", "")),
            authority=bool(authority) and authority not in nm_keyfile.BUNDLES,
            name=any(values.get(f"802-1x.{key}") for key in names),
            system=bool(authority) or system,
        ),
    )


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").split()


def _ran(host: Host, argv: list[str]) -> bytes:
    ran = host.run(argv)
    if ran.code != 0:
        raise CannotLook("tool-missing", "NetworkManager does not answer")
    return ran.out
