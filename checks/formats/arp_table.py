"""`arp -an` or `arp -n ADDRESS` on macOS: which MAC answers for an address, on which card.

A line is `? (10.0.0.1) at 0:1b:2:3:4:5 on en0 …`.

Leading zeros of each part are left out there; an address that nobody answered for is
`(incomplete)` and left out here.
"""

import re
from typing import Final

import msgspec

_ROW: Final = re.compile(
    r"\((?P<ip>[0-9.]{7,15})\) at (?P<mac>[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}) on "
    r"(?P<card>[^\s]{1,64})"
)


class Row(msgspec.Struct, frozen=True):
    """One line; the MAC in lower case with all zeros."""

    card: str
    address: str
    mac: str


def parse(data: bytes) -> dict[str, str]:
    """Address → MAC in lower case with all zeros; the first answer counts."""
    found: dict[str, str] = {}
    for row in rows(data):
        found.setdefault(row.address, row.mac)
    return found


def rows(data: bytes) -> list[Row]:
    """Every line that says who answers, in its order."""
    found = []
    for row in _ROW.finditer(data.decode("utf-8", "replace")):
        mac = ":".join(part.zfill(2) for part in row["mac"].lower().split(":"))
        found.append(Row(row["card"], row["ip"], mac))
    return found
