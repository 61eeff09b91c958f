"""`wpa_cli -i IFACE status`: the link as wpa_supplicant negotiated it, `key=value` lines.

Only five keys are read; as an access point the same command prints a passphrase, which is not.
"""

from typing import Final

import msgspec

from checks.formats.errors import ParseError
from checks.formats.wpa_supplicant_conf import unescape

_KEYS: Final = ("wpa_state", "ssid", "key_mgmt", "pairwise_cipher", "mode")


class Status(msgspec.Struct, frozen=True):
    """The link. Ciphers and key management in wpa_supplicant's words."""

    connected: bool
    ssid_hex: str
    key_mgmt: str
    pairwise: str
    station: bool
    """Not an access point of its own."""


def parse(data: bytes) -> Status:
    """Read the status; raises ParseError for text that is none (`FAIL`)."""
    found: dict[str, bytes] = {}
    for line in data.split(b"\n"):
        key, equals, value = line.partition(b"=")
        name = key.decode("ascii", "replace")
        if equals and name in _KEYS:
            found.setdefault(name, value.strip(b"\r"))
    if "wpa_state" not in found:
        raise ParseError("wpa_cli: no status")
    texts = {name: value.decode("utf-8", "replace") for name, value in found.items()}
    return Status(
        connected=texts["wpa_state"] == "COMPLETED",
        ssid_hex=unescape(found.get("ssid", b"")).hex(),
        key_mgmt=texts.get("key_mgmt", ""),
        pairwise=texts.get("pairwise_cipher", ""),
        station=texts.get("mode", "station") == "station",
    )
