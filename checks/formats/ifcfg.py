"""Red Hat's `ifcfg-NAME` as far as a Wi-Fi profile goes. Secrets lie in `keys-NAME`, which is not
read.

Shell-like `KEY=value` lines. A profile is Wi-Fi with `TYPE=Wireless` or an ESSID; KEY_MGMT names
the protection, without it a WEP key or SECURITYMODE makes it WEP, and nothing makes it open. From
nm-settings-ifcfg-rh(5); no such machine has been seen yet.
"""

import shlex

import msgspec

from checks.formats.nm_keyfile import BUNDLES


class WifiProfile(msgspec.Struct, frozen=True):
    """A saved network as Red Hat's files hold it."""

    uuid: str | None
    ssid_hex: str
    mode: str
    """`managed`, `ad-hoc` or `ap`."""
    hidden: bool
    autoconnect: bool
    user_only: bool
    key_mgmt: str
    """`WPA-PSK WPA-EAP SAE OWE IEEE8021X WPA-EAP-SUITE-B-192`, or empty."""
    has_wep_key: bool
    protocols: list[str]
    pairwise: list[str]
    eap: list[str]
    names_authority: bool
    names_server: bool
    uses_system_authorities: bool


def parse(data: bytes) -> WifiProfile | None:
    """Read a file; None: not Wi-Fi."""
    values = _values(data.decode("utf-8", "replace"))
    if values.get("TYPE", "").lower() != "wireless" and "ESSID" not in values:
        return None
    authority = values.get("IEEE_8021X_CA_CERT", "")
    allowed = {
        "WPA": values.get("WPA_ALLOW_WPA", "").lower() == "yes",
        "RSN": values.get("WPA_ALLOW_WPA2", "").lower() == "yes",
    }
    names = ("IEEE_8021X_DOMAIN_SUFFIX_MATCH", "IEEE_8021X_DOMAIN_MATCH")
    matches = ("IEEE_8021X_SUBJECT_MATCH", "IEEE_8021X_ALTSUBJECT_MATCHES")
    return WifiProfile(
        uuid=values.get("UUID"),
        ssid_hex=_ssid(values.get("ESSID", "")).hex(),
        mode=values.get("MODE", "managed").lower(),
        hidden=values.get("SSID_HIDDEN", "").lower() == "yes",
        autoconnect=values.get("ONBOOT", "yes").lower() != "no",
        user_only=bool(values.get("USERS")),
        key_mgmt=values.get("KEY_MGMT", "").upper(),
        has_wep_key="SECURITYMODE" in values or "DEFAULTKEY" in values,
        protocols=[name for name, yes in allowed.items() if yes],
        pairwise=values.get("CIPHER_PAIRWISE", "").upper().split(),
        eap=values.get("IEEE_8021X_EAP_METHODS", "").upper().split(),
        names_authority=bool(authority) and authority not in BUNDLES,
        names_server=any(values.get(key) for key in (*names, *matches)),
        uses_system_authorities=bool(authority)
        or values.get("IEEE_8021X_SYSTEM_CA_CERTS", "").lower() == "yes",
    )


def _values(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw in text.split("\n"):
        key, equals, value = raw.strip().partition("=")
        if equals and not key.startswith("#"):
            found[key.strip()] = _unquoted(value)
    return found


def _unquoted(value: str) -> str:
    try:
        words = shlex.split(value, comments=True)
    except ValueError:
        return value  # a quote that does not close
    return " ".join(words)


def _ssid(text: str) -> bytes:
    """`0x…` is the name in hexadecimal."""
    if text.startswith("0x"):
        try:
            return bytes.fromhex(text[2:])
        except ValueError:
            pass  # a name that only looks like it
    return text.encode()
