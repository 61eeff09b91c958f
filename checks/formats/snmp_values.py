"""What a recording of a device's SNMP answers holds, whichever tool wrote it.

A value is an `int`, `bytes` (octet strings, also addresses: four bytes), or `str` (an object
identifier, dotted). What kind of number it was matters to nobody who reads it.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

from checks.formats import packed
from checks.formats.errors import ParseError

Oid: TypeAlias = tuple[int, ...]
Value: TypeAlias = int | bytes | str

LARGEST: Final = 1 << 27
"""Bytes of a recording, unpacked; a router of a provider's makes 42 MB."""
MOST_LINES: Final = 2_000_000
MOST_KEPT: Final = 300_000
LONGEST_VALUE: Final = 1 << 16
LONGEST_OID: Final = 128
"""Numbers in an object identifier, and their size below (RFC 2578 §3.5)."""
LARGEST_NUMBER: Final = (1 << 32) - 1
_WIDEST: Final = 1 << 64


class Recording(msgspec.Struct):
    """Answers by object identifier, in any order."""

    values: dict[Oid, Value]
    skipped: int
    """Lines that could not be read, or came after `MOST_KEPT` answers."""


class Told(msgspec.Struct, frozen=True):
    """A recording for a person's eyes: identifiers dotted, bytes that are no text as `0x…`."""

    values: dict[str, int | str]
    skipped: int


def text_of(data: bytes) -> bytes:
    """The lines of a recording, unpacked. Raises ParseError for one that is too long."""
    whole = packed.plain(data, LARGEST)
    if whole.count(b"\n") > MOST_LINES:
        raise ParseError(f"more than {MOST_LINES} lines")
    return whole


def oid(text: str) -> Oid | None:
    """`1.3.6.1…`, with or without a dot before it or `iso` for the 1; None for anything else."""
    plain = text.strip().removeprefix(".")
    if plain.startswith("iso."):
        plain = "1" + plain[3:]
    if len(plain) > 11 * LONGEST_OID or not plain.isascii():
        return None
    parts = plain.split(".")
    if not 2 <= len(parts) <= LONGEST_OID or not all(part.isdigit() for part in parts):
        return None
    numbers = tuple(map(int, parts))
    return numbers if numbers[0] <= 2 and max(numbers) <= LARGEST_NUMBER else None


def dotted(numbers: Iterable[int]) -> str:
    """As it is written."""
    return ".".join(map(str, numbers))


def whole(text: str) -> int | None:
    """A number as recorded, at most 64 bits wide."""
    plain = text.strip()
    if len(plain) > 21 or not plain.isascii() or not plain.removeprefix("-").isdigit():
        return None
    number = int(plain)
    return number if -_WIDEST < number < _WIDEST else None


def address(text: str) -> bytes | None:
    """An IPv4 address as its four bytes."""
    parts = text.strip().split(".")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if any(len(part) > 3 or int(part) > 255 for part in parts):
        return None
    return bytes(map(int, parts))


def told(recording: Recording) -> Told:
    """For printing, ordered."""
    values = {dotted(name): _shown(recording.values[name]) for name in sorted(recording.values)}
    return Told(values=values, skipped=recording.skipped)


def _shown(value: Value) -> int | str:
    if not isinstance(value, bytes):
        return value
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return "0x" + value.hex()
    printable = all(letter.isprintable() or letter in "\t\r\n" for letter in text)
    return text if printable else "0x" + value.hex()
