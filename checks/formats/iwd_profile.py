"""A network iwd keeps: the file's name says which network and what kind, its text the rest.

`/var/lib/iwd/NAME.psk`, `.open`, `.8021x`; NAME is the name itself, or `=` and its bytes in
hexadecimal. Secrets (Passphrase, PreSharedKey, EAP-Password) are not read. From iwd.network(5);
seen in no machine yet.
"""

from typing import Final, Literal

import msgspec

from checks.formats import keyfile
from checks.formats.errors import ParseError

Kind = Literal["open", "psk", "8021x"]
_KINDS: Final[dict[str, Kind]] = {"open": "open", "psk": "psk", "8021x": "8021x"}


class Name(msgspec.Struct, frozen=True):
    """What the file's name says."""

    ssid_hex: str
    kind: Kind


class Settings(msgspec.Struct, frozen=True):
    """What the text says."""

    autoconnect: bool
    hidden: bool
    only_sae: bool
    """The network told iwd never to use WPA2 with it again."""
    names_authority: bool
    names_server: bool


def parse_name(name: str) -> Name | None:
    """The network a file is for; None: not a file of a network (hotspots, temporary files)."""
    stem, _, suffix = name.rpartition(".")
    kind = _KINDS.get(suffix)
    if kind is None or not stem or stem.startswith("."):
        return None
    if not stem.startswith("="):
        return Name(stem.encode().hex(), kind)
    try:
        return Name(bytes.fromhex(stem[1:]).hex(), kind)
    except ValueError as error:
        raise ParseError("iwd: a name that is neither text nor hexadecimal") from error


def parse(data: bytes) -> Settings:
    """The text of a network's file; what it does not say has iwd's default."""
    values = keyfile.parse(data)
    security = {key: entry.value for key, entry in values.get("Security", {}).items()}
    disabled = keyfile.get(values, "Settings", "DisabledTransitionModes") or ""
    return Settings(
        autoconnect=(keyfile.get(values, "Settings", "AutoConnect") or "true").lower() != "false",
        hidden=(keyfile.get(values, "Settings", "Hidden") or "false").lower() == "true",
        only_sae="personal" in disabled.lower(),
        names_authority=any(key.endswith("CACert") and value for key, value in security.items()),
        names_server=any(
            key.endswith("ServerDomainMask") and value for key, value in security.items()
        ),
    )
