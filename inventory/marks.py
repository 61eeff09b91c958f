"""Marks a computer is recognised by, made comparable; what identifies nothing is dropped.

Makers leave placeholders where a serial belongs, and every register that matched on them merged
strangers; `checks.hardware.placeholders` knows them.
"""

import re
from typing import Final

from checks.hardware import placeholders

KINDS: Final = ("serial", "uuid", "board_serial", "mac")
STRONG: Final = ("serial", "uuid", "board_serial")
"""Marks of one machine. A MAC alone is not: it moves with a dock or a USB adapter."""

_LONGEST: Final = 128
_BETWEEN = re.compile(r"[^A-Z0-9]")


def normalise(kind: str, value: str) -> str:
    """The comparable form of a mark, or "" when the value identifies nothing.

    `kind` is one of KINDS; any other is compared like a serial.
    """
    if kind == "uuid":
        return "" if placeholders.is_placeholder_uuid(value) else placeholders.uuid_key(value) or ""
    if kind == "mac":
        if placeholders.is_placeholder_mac(value) or placeholders.is_made_up_mac(value):
            return ""
        return placeholders.mac_key(value) or ""
    if placeholders.is_placeholder(value):
        return ""
    return _BETWEEN.sub("", value.upper())[:_LONGEST]
