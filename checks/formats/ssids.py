"""The name of a wireless network: up to 32 bytes of anything, shown as text that is safe to show.

Almost all are UTF-8, which no standard promises; what is none, and what cannot be seen or turns
text about, stands as `\\xNN`, byte by byte, as `iw` prints it. Nobody can tell GB2312 from other
encodings of two bytes, so none is guessed.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 32
"""Bytes of a name (IEEE 802.11 §9.4.2.2)."""
_ESCAPED: Final = re.compile(rb"\\x([0-9a-fA-F]{2})")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that a page would not show as they are: control, format, unassigned."""


def text(name: bytes) -> str:
    """For people, and to compare by: different bytes give different text."""
    try:
        characters = name.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(map(_byte, name))
    if characters.isascii() and characters.isprintable() and "\\" not in characters:
        return characters
    return "".join(map(_character, characters))


def raw(shown: str) -> bytes:
    """The bytes of a name as it is shown: the reverse of `text`."""
    found = shown.encode("utf-8", "surrogatepass")
    return _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), found)


def _character(one: str) -> str:
    if one == "\\" or unicodedata.category(one) in _UNSEEN:
        return "".join(f"\\x{byte:02x}" for byte in one.encode())
    return one


def _byte(one: int) -> str:
    return chr(one) if 0x20 <= one < 0x7F and one != 0x5C else f"\\x{one:02x}"
