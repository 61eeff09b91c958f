"""Marks a computer is recognised by, made comparable; what is no mark at all is dropped.

Makers leave placeholders where a serial belongs, and every system that matched on them merged
strangers. The lists lie in `placeholders.toml`. Each entry is compared whole, never as a part: a
pattern loose inside a real serial threw real serials away.
"""

import functools
import re
import tomllib
from importlib import resources
from typing import Final

STRONG: Final = ("serial", "uuid", "board_serial")
"""Marks of one machine. A MAC alone is not: it moves with a dock or a USB adapter."""

_SHORTEST: Final = 4
_LONGEST: Final = 128
_NOT_SERIAL = re.compile(r"[^A-Z0-9]")
_NOT_HEX = re.compile(r"[^0-9A-F]")


def normalise(kind: str, value: str) -> str:
    """The comparable form of a mark, or "" when the value identifies nothing.

    `kind` is serial, uuid, board_serial or mac; any other is compared like a serial.
    """
    if kind == "uuid":
        text = _NOT_HEX.sub("", value.upper())
        return "" if len(text) != 32 or text in _listed("uuids") or _dull(text) else text
    if kind == "mac":
        return _mac(value)
    text = _NOT_SERIAL.sub("", value.upper())
    if len(text) < _SHORTEST or text in _listed("serials") or _dull(text):
        return ""
    return text[:_LONGEST]


def _mac(value: str) -> str:
    text = _NOT_HEX.sub("", value.upper())
    if len(text) != 12 or text in _listed("macs") or _dull(text):
        return ""
    if text.startswith(tuple(_listed("mac_prefixes"))):
        return ""
    # Group addresses are nobody's; locally administered ones are made up at will.
    return "" if int(text[:2], 16) & 0b11 else text


def _dull(text: str) -> bool:
    """One repeated character, or only zeros and ones."""
    return len(set(text)) == 1 or set(text) <= {"0", "1"}


@functools.cache
def _listed(name: str) -> frozenset[str]:
    lists = tomllib.loads(
        resources.files("inventory").joinpath("placeholders.toml").read_text("utf-8")
    )
    return frozenset(_NOT_SERIAL.sub("", text.upper()) for text in lists[name])
