"""A NetworkManager keyfile (`*.nmconnection`), as far as a Wi-Fi profile goes. Secrets are not
read.

Sections have an old and a new name (`802-11-wireless` = `wifi`). A wireless profile without a
security section is an open network; `key-mgmt=none` with one is WEP. The name is text with GLib's
escapes or a list of byte numbers (`83;99;`). Seen from `nmcli --offline connection add` of
NetworkManager 1.42.
"""

import re
from typing import Final

import msgspec

from checks.formats import keyfile

BUNDLES: Final = frozenset(
    {
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/ssl/certs",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    }
)
"""Certificates of every public authority: anybody can get one of those."""

_BYTES = re.compile(r"\s*\d{1,3}\s*;(\s*\d{1,3}\s*;)*\s*(\d{1,3})?\s*")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES: Final = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_NAMES: Final = re.compile(r"^(domain-(suffix-)?match|(alt)?subject-match(es)?)$")


class WifiProfile(msgspec.Struct, frozen=True):
    """A saved network as NetworkManager holds it."""

    uuid: str | None
    ssid_hex: str
    """The name's bytes."""
    mode: str
    """`infrastructure`, `ap`, `adhoc` or `mesh`."""
    hidden: bool
    autoconnect: bool
    user_only: bool
    secured: bool
    """Whether there is a security section at all."""
    key_mgmt: str
    """`none ieee8021x wpa-psk sae owe wpa-eap wpa-eap-suite-b-192`, or empty."""
    protocols: list[str]
    pairwise: list[str]
    eap: list[str]
    names_authority: bool
    """A certificate authority is named that is not the system's bundle of all public ones."""
    names_server: bool
    uses_system_authorities: bool
    ssid: str = ""
    """The name as far as it is text."""


def parse(data: bytes) -> WifiProfile | None:
    """Read a keyfile; None: a connection that is not Wi-Fi, or no keyfile.

    Where the type is missing, NetworkManager takes it from the sections there are, and so do we.
    """
    values = keyfile.parse(data)
    kind = keyfile.get(values, "connection", "type")
    if kind is None and not {"wifi", "802-11-wireless"}.isdisjoint(values):
        kind = "wifi"
    if kind not in ("wifi", "802-11-wireless"):
        return None
    connection = _section(values, "connection")
    wifi = _section(values, "wifi", "802-11-wireless")
    security = _section(values, "wifi-security", "802-11-wireless-security")
    eap = _section(values, "802-1x")
    name = _ssid(wifi.get("ssid", ""))
    authority = eap.get("ca-cert") or eap.get("ca-path") or ""
    return WifiProfile(
        uuid=connection.get("uuid"),
        ssid_hex=name.hex(),
        ssid=name.decode("utf-8", "replace"),
        mode=wifi.get("mode", "infrastructure"),
        hidden=_flag(wifi, "hidden", default=False),
        autoconnect=_flag(connection, "autoconnect", default=True),
        user_only="user:" in connection.get("permissions", ""),
        secured=bool(security) or "security" in wifi,
        key_mgmt=security.get("key-mgmt", ""),
        protocols=_list(security.get("proto", "")),
        pairwise=_list(security.get("pairwise", "")),
        eap=_list(eap.get("eap", "")),
        names_authority=bool(authority) and authority.removeprefix("file://") not in BUNDLES,
        names_server=any(value for key, value in eap.items() if _NAMES.match(key)),
        uses_system_authorities=bool(authority) or _flag(eap, "system-ca-certs", default=False),
    )


def _section(values: keyfile.Keyfile, *names: str) -> dict[str, str]:
    return {key: entry.value for name in names for key, entry in values.get(name, {}).items()}


def _flag(values: dict[str, str], key: str, *, default: bool) -> bool:
    text = values.get(key, "").lower()
    return text in ("true", "yes", "on", "1") if text else default


def _list(text: str) -> list[str]:
    return [part.strip().lower() for part in text.split(";") if part.strip()]


def _ssid(text: str) -> bytes:
    if _BYTES.fullmatch(text):
        numbers = [int(part) for part in text.split(";") if part.strip()]
        if all(number < 256 for number in numbers):
            return bytes(numbers)
    # Escaped twice: NetworkManager's own `\\;`, then GLib's escapes of any string.
    plain = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[0]), text)
    return plain.replace("\\;", ";").encode()
