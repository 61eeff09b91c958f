"""`netstat -rn -f inet` on macOS: where packets leave.

Columns are not translated but differ by release (`Refs` and `Use` are gone since macOS 10.15), and
a route may end in an expiry; the card is the first word after the flags that looks like one.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_HEAD: Final = re.compile(r"^Destination\s+Gateway\s+Flags\b", re.MULTILINE)
_FLAGS: Final = re.compile(r"[A-Za-z0-9]{1,20}")
_CARD: Final = re.compile(r"[a-z]{2,12}[0-9]{1,5}")


class Route(msgspec.Struct, frozen=True):
    """`destination` is `default` or a network; `gateway` an address, a card (`link#4`) or a MAC."""

    destination: str
    gateway: str
    interface: str


def parse(data: bytes) -> list[Route]:
    """Every route. Raises ParseError."""
    text = data.decode("utf-8", "replace")
    head = _HEAD.search(text)
    if head is None:
        raise ParseError("netstat: no table of routes")
    found = []
    for line in text[head.end() :].splitlines()[1:]:
        words = line.split()
        if len(words) < 4 or not _FLAGS.fullmatch(words[2]):
            continue
        card = next((word for word in words[3:] if _CARD.fullmatch(word)), None)
        if card is not None:
            found.append(Route(words[0], words[1].partition("%")[0], card))
    return found
