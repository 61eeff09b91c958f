"""A Windows wireless profile: `netsh wlan export profile`, or a file of the wireless service.

XML, so in no language. Traps: `open` with `WEP` is WEP; `WPA3` is an older name of the 192 bit
mode; `transitionMode` on an SAE profile joins WPA2 as well; a network's name is bytes, the text
beside it may be wrong. `keyMaterial` holds the key, plain or encrypted: it is never read.
"""

from typing import TYPE_CHECKING, Final

import msgspec

from checks.formats import windows_text
from checks.formats.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

LONGEST: Final = 1 << 18
"""Bytes; a profile with a long list of servers is a tenth of it."""

_SECURITY: Final = {
    ("open", "none"): "open",
    ("open", "wep"): "wep",
    ("shared", "wep"): "wep",
    ("owe", "aes"): "owe",
    ("wpapsk", "tkip"): "wpa-psk",
    ("wpapsk", "aes"): "wpa-psk",
    ("wpa2psk", "tkip"): "wpa-psk",
    ("wpa2psk", "aes"): "wpa2-psk",
    ("wpa2", "aes"): "wpa2-enterprise",
    ("wpa3sae", "aes"): "wpa3-sae",
    ("wpa3sae", "gcmp256"): "wpa3-sae",
    ("owe", "gcmp256"): "owe",
    ("wpa2psk", "gcmp256"): "wpa2-psk",
    ("wpa2", "gcmp256"): "wpa2-enterprise",
    **{
        (kind, cipher): "wpa3-enterprise"
        for kind in ("wpa3", "wpa3ent", "wpa3ent192")
        for cipher in ("aes", "gcmp256")
    },
}


class Profile(msgspec.Struct, frozen=True):
    """One saved network. None: the file does not say."""

    name: str
    ssids_hex: list[str]
    """The bytes of each name; none joins nothing."""
    hidden: bool
    infrastructure: bool
    """False: computer to computer."""
    automatic: bool
    """Joined whenever it is heard."""
    authentication: str
    """As Microsoft's schema spells it, such as `WPA2PSK`."""
    encryption: str
    transition: bool
    """Joins the older kind of the same network as well."""
    security: str
    """One of the closed set of Wi-Fi security."""
    one_x: bool
    """802.1X with any authentication."""
    has_key: bool
    """A key lies in the file, encrypted or not."""
    key_protected: bool | None
    """Whether it is encrypted for this computer."""
    eap_types: list[int]
    """Outer and inner methods: 13 TLS, 25 PEAP, 21 TTLS, 26 MSCHAPv2, …"""
    server_names: list[str]
    """Enterprise: names the server may have; none is any."""
    trusted_roots: int
    """Enterprise: authorities named."""
    asks_about_servers: bool | None
    """Enterprise: a person may let an unknown server in."""
    random_mac: bool | None


def parse(data: bytes) -> Profile:
    """Read a profile. Raises ParseError."""
    root = _root(data)
    if _tag(root) != "WLANProfile":
        raise ParseError("wlan profile: another kind of XML")
    texts: dict[str, list[str]] = {}
    for element in root.iter():
        if _tag(element) != "keyMaterial":
            texts.setdefault(_tag(element), []).append((element.text or "").strip())
    said, cipher = _first(texts, "authentication"), _first(texts, "encryption")
    transition = _flag(texts, "transitionMode") is True
    prompt_off = _flag(texts, "DisableUserPromptForServerValidation")
    return Profile(
        name=next((child.text or "" for child in root if _tag(child) == "name"), ""),
        ssids_hex=list(_ssids(root)),
        hidden=_flag(texts, "nonBroadcast") is True,
        infrastructure=_first(texts, "connectionType") != "IBSS",
        automatic=_first(texts, "connectionMode") != "manual",
        authentication=said,
        encryption=cipher,
        transition=transition,
        security=_security(said, cipher, transition),
        one_x=_flag(texts, "useOneX") is True,
        has_key="sharedKey" in texts,
        key_protected=_flag(texts, "protected"),
        eap_types=sorted({int(one) for one in texts.get("Type", []) if _small(one)}),
        server_names=[
            name.strip() for one in texts.get("ServerNames", []) for name in one.split(";") if name
        ],
        trusted_roots=sum(one != "" for one in texts.get("TrustedRootCA", [])),
        asks_about_servers=None if prompt_off is None else not prompt_off,
        random_mac=_flag(texts, "enableRandomization"),
    )


def _root(data: bytes) -> "Element":
    from xml.etree import ElementTree  # loaded on Windows machines with wireless only

    if len(data) > LONGEST:
        raise ParseError("wlan profile: too long")
    text = windows_text.decode(data).lstrip("\ufeff\r\n\t ")
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    if "<!" in text.replace("<!--", ""):
        raise ParseError("wlan profile: a document type or entity")
    try:
        return ElementTree.fromstring(text)  # noqa: S314  (no document type gets here: no entities)
    except (ElementTree.ParseError, ValueError) as error:
        # What the parser says may quote the file, and a key may stand there.
        raise ParseError("wlan profile: not XML") from error


def _ssids(root: "Element") -> "Iterator[str]":
    """Of the networks to join, without those of other profiles' settings."""
    for element in root.iter():
        if _tag(element) != "SSID":
            continue
        parts = {_tag(part): (part.text or "").strip() for part in element}
        try:
            yield bytes.fromhex(parts.get("hex", "")).hex() or parts.get("name", "").encode().hex()
        except ValueError:
            yield parts.get("name", "").encode().hex()


def _security(authentication: str, encryption: str, transition: bool) -> str:
    plain = _SECURITY.get((authentication.lower(), encryption.lower()), "unknown")
    return "wpa3-transition" if plain == "wpa3-sae" and transition else plain


def _tag(element: "Element") -> str:
    """Without its namespace: newer parts of a profile have newer ones."""
    return element.tag.rpartition("}")[2]


def _first(texts: dict[str, list[str]], name: str) -> str:
    return texts.get(name, [""])[0]


def _flag(texts: dict[str, list[str]], name: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(_first(texts, name).lower())


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3
