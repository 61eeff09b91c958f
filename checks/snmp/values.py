"""What a device's answers mean: texts, numbers, addresses and serials, whatever it made of them.

Traps seen in recordings: strings padded with NULs or blanks; a MAC as text in an octet string; a
MAC of six zeros; a serial that is empty, a row of X, the MAC of the device, or `BUILTIN`.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from checks.formats.snmp_values import Value
from checks.hardware.placeholders import is_placeholder, is_placeholder_name
from checks.words import clean

LONGEST_TEXT: Final = 255
LONGEST_NAME: Final = 120
LONGEST_SERIAL: Final = 64
_MAC_TEXT: Final = re.compile(
    r"[0-9A-Fa-f]{1,2}(?:([:. -])[0-9A-Fa-f]{1,2})(?:\1[0-9A-Fa-f]{1,2}){4}"
)
_MAC_PLAIN: Final = re.compile(
    r"[0-9A-Fa-f]{12}|[0-9A-Fa-f]{4}([.-])[0-9A-Fa-f]{4}\1[0-9A-Fa-f]{4}"
)
_NO_SERIAL: Final = frozenset({"builtin", "n/a", "na", "noserial", "unknown", "notavailable"})


def text(value: Value | None, longest: int = LONGEST_TEXT) -> str:
    """A text made harmless, trimmed and cut; "" for what is none."""
    if not isinstance(value, bytes):
        return "" if value is None else str(value)[:longest]
    raw = value.rstrip(b"\0").replace(b"\0", b" ")[: longest * 8]
    try:
        said = raw.decode()
    except UnicodeDecodeError:
        said = raw.decode("latin-1")
    return clean(said, longest)


def name(value: Value | None) -> str:
    """A short text."""
    return text(value, LONGEST_NAME)


def number(value: Value | None) -> int | None:
    """A number, also one that a device gives as text; None for what is none."""
    if isinstance(value, int):
        return value
    if isinstance(value, bytes) and 0 < len(value) <= 20 and value.strip().isdigit():
        return int(value)
    return None


def mac(value: Value | None) -> str:
    """A MAC in small letters with colons; "" for none, for zeros, and for a group's."""
    if not isinstance(value, bytes):
        return ""
    raw = value if len(value) == 6 else _of_text(value)
    return spelled(raw) if raw else ""


def spelled(raw: bytes) -> str:
    """Six bytes as a MAC; "" for zeros, and for an address of a group."""
    if len(raw) != 6 or raw[0] & 1 or not any(raw):
        return ""
    return raw.hex(":")


def _of_text(value: bytes) -> bytes:
    said = value.rstrip(b"\0").strip()
    if not 11 <= len(said) <= 17:
        return b""
    plain = said.decode("latin-1")
    if _MAC_PLAIN.fullmatch(plain):
        return bytes.fromhex(plain.replace(".", "").replace("-", ""))
    if _MAC_TEXT.fullmatch(plain):
        return bytes(int(part, 16) for part in re.split(r"[:. -]", plain))
    return b""


def private(address: str) -> bool:
    """Whether a MAC is made up (the locally administered bit): most likely somebody's phone."""
    return bool(int(address[:2], 16) & 2)


def address(raw: bytes) -> str:
    """An IPv4 or IPv6 address that speaks for one device; "" for anything else."""
    if len(raw) not in (4, 16):
        return ""
    found = ipaddress.ip_address(raw)
    dull = found.is_unspecified or found.is_multicast or found.is_loopback
    return "" if dull or str(found) == "255.255.255.255" else str(found)


def serial(value: Value | None, own: Iterable[str] = ()) -> str:
    """A serial that tells one device from another; "" for any that does not.

    `own`: the device's own MACs, which are no serials: they are known as MACs already, and a maker
    that puts one there gives the network card's, not the device's.
    """
    said = text(value, LONGEST_SERIAL)
    if isinstance(value, bytes) and not _is_text(value):
        said = value.rstrip(b"\0")[: LONGEST_SERIAL // 2].hex().upper()
    letters = re.sub(r"[^0-9a-z]", "", said.casefold())
    if letters in _NO_SERIAL or is_placeholder(said):
        return ""
    return "" if letters in {mac.replace(":", "") for mac in own} else said


def _is_text(value: bytes) -> bool:
    """Whether bytes are letters at all; a few makers give a serial as the number it is."""
    try:
        return value.rstrip(b"\0").decode().isprintable()
    except UnicodeDecodeError:
        return False


def model(value: Value | None) -> str:
    """A model's name; "" for one that says nothing."""
    said = name(value)
    return "" if is_placeholder_name(said) else said


def bits(value: Value | None) -> frozenset[int]:
    """Which bits are set, counted from the first byte's highest (SMI's BITS)."""
    if not isinstance(value, bytes):
        return frozenset()
    return frozenset(
        at * 8 + bit for at, byte in enumerate(value[:8]) for bit in range(8) if byte & 0x80 >> bit
    )
