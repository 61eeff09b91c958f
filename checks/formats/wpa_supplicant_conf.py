"""`wpa_supplicant.conf`: its `network={ … }` blocks. Secrets (psk, password, wep_key…) are not
read.

Values are bare, quoted (`"name"`), printf-escaped (`P"na\\x6de"`) or, for a name, hexadecimal. A
block without key_mgmt allows WPA-PSK and WPA-EAP; NONE with a WEP key is WEP, without one open.
netplan and ifupdown write the same format. Seen with wpa_supplicant 2.10.
"""

import re
from typing import Final

import msgspec

from checks.formats.nm_keyfile import BUNDLES

DEFAULT_KEY_MGMT: Final = ("WPA-PSK", "WPA-EAP")
_OPEN = re.compile(r"^network\s*=\s*\{$")
_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_OCTAL: Final = [b"%d" % digit for digit in range(8)]
_PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"e": b"\x1b"}
_NAMES: Final = ("domain_suffix_match", "domain_match", "subject_match", "altsubject_match")


class Network(msgspec.Struct, frozen=True):
    """One block. `key_mgmt` is empty where the block leaves it to the default."""

    ssid_hex: str
    key_mgmt: list[str]
    protocols: list[str]
    pairwise: list[str]
    has_wep_key: bool
    has_psk: bool
    hidden: bool
    enabled: bool
    """Joined without being asked (`disabled` is not 1)."""
    mode: int
    """0 infrastructure, 1 ad hoc, 2 access point."""
    eap: list[str]
    names_authority: bool
    names_server: bool
    uses_system_authorities: bool
    ssid: str = ""
    """The name as far as it is text."""


def parse(data: bytes) -> list[Network]:
    """Every network block; text that is none is skipped, as the program itself does.

    Of two lines for one key the later stands.
    """
    blocks: list[dict[str, str]] = []
    inside = False
    for raw in data.decode("utf-8", "surrogateescape").split("\n"):
        line = raw.strip()
        if _OPEN.match(line):
            inside = True
            blocks.append({})
        elif line.startswith("}"):
            inside = False
        elif inside and "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            blocks[-1][key.strip()] = _without_comment(value.strip())
    return [_network(block) for block in blocks]


def _without_comment(value: str) -> str:
    """A `#` after the last quote begins a comment."""
    end = value.find("#", value.rfind('"') + 1)
    return value if end < 0 else value[:end].rstrip()


def _network(block: dict[str, str]) -> Network:
    authority = _text(block.get("ca_cert", "")) or _text(block.get("ca_path", ""))
    name = _bytes(block.get("ssid", '""'))
    return Network(
        ssid_hex=name.hex(),
        ssid=name.decode("utf-8", "replace"),
        key_mgmt=_words(block.get("key_mgmt", "")),
        protocols=_words(block.get("proto", "")),
        pairwise=_words(block.get("pairwise", "")),
        has_wep_key=any(key.startswith("wep_key") for key in block),
        has_psk=any(key in block for key in ("psk", "mem_only_psk", "sae_password", "raw_psk")),
        hidden=block.get("scan_ssid") == "1",
        enabled=block.get("disabled", "0") == "0",
        mode=int(block["mode"]) if block.get("mode") in ("0", "1", "2", "5") else 0,
        eap=_words(block.get("eap", "")),
        names_authority=bool(authority) and authority not in BUNDLES,
        names_server=any(_text(block.get(key, "")) for key in _NAMES),
        uses_system_authorities=bool(authority),
    )


def _words(value: str) -> list[str]:
    return _text(value).upper().split()


def _text(value: str) -> str:
    plain = _bytes(value) if '"' in value else value.encode("utf-8", "surrogateescape")
    return plain.decode("utf-8", "replace")


def _bytes(value: str) -> bytes:
    raw = value.encode("utf-8", "surrogateescape")
    if value.startswith('P"') and value.rfind('"') > 1:
        return unescape(raw[2 : raw.rfind(b'"')])
    if value.startswith('"') and value.rfind('"') > 0:
        return raw[1 : raw.rfind(b'"')]
    try:
        return bytes.fromhex(value)
    except ValueError:
        return raw


def unescape(text: bytes) -> bytes:
    """Undo the program's printf escapes (`\\x20`, `\\\"`); before anything else a `\\` counts for
    nothing, and `\\8` is no octal number."""
    return _ESCAPE.sub(_unescape, text)


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[:1] == b"x" and len(code) > 1:
        return bytes([int(code[1:], 16)])
    if code[:1] in _OCTAL:
        return bytes([int(code, 8) & 0xFF])
    return _PLAIN.get(code, code)
