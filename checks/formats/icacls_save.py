"""`icacls PLACE /save FILE`: permissions as Windows writes them for itself, in no language.

Two lines each: a name, then its permissions in SDDL, where accounts are SIDs or two letters that
stand for one. Only who may look inside is read: entries that allow it, and are not only there to be
handed down. Denials are left out, which can only make something look more open than it is.
"""

import re
from typing import Final

import msgspec

from checks.formats import windows_text
from checks.formats.errors import ParseError

MOST: Final = 50_000
"""Lines."""
_ENTRY: Final = re.compile(r"\(([A-Z]{1,2});([A-Z]*);([^;()]*);[^;()]*;[^;()]*;([^;()]+)\)")
_SDDL: Final = re.compile(r"(?:[OG]:[^:()]{1,200})*D:[A-Z]*(?:\(|$)")
_READS: Final = frozenset({"FA", "FR", "GA", "GR", "KA", "KR", "CC"})
_READ_DATA: Final = 0x1
_GENERIC: Final = 0x90000000
"""GENERIC_READ and GENERIC_ALL."""
_ALLOWS: Final = ("A", "OA")
_LETTERS: Final = {
    "WD": "S-1-1-0",
    "AN": "S-1-5-7",
    "AU": "S-1-5-11",
    "IU": "S-1-5-4",
    "NU": "S-1-5-2",
    "BU": "S-1-5-32-545",
    "BG": "S-1-5-32-546",
    "BA": "S-1-5-32-544",
    "SY": "S-1-5-18",
}
"""Others (a domain's) stay letters: `DU` and `DG` are its users and guests."""


class Entry(msgspec.Struct, frozen=True):
    """One file or folder, and who may look inside: SIDs, or letters for a domain's own groups."""

    name: str
    readers: list[str]


def parse(data: bytes) -> list[Entry]:
    """Every pair of lines. Raises ParseError."""
    lines = [one for one in windows_text.lines(windows_text.decode(data)) if one.strip()]
    if len(lines) > MOST:
        raise ParseError("icacls: too many lines")
    found = []
    for name, permissions in zip(lines[::2], lines[1::2], strict=False):
        if "(XA;" in permissions:
            raise ParseError("icacls: permissions with conditions")
        if not _SDDL.match(permissions) or len(name) > 1_024:
            raise ParseError("icacls: no permissions after a name")
        found.append(Entry(name.strip(), _readers(permissions)))
    if len(lines) % 2:
        raise ParseError("icacls: cut short")
    return found


def _readers(permissions: str) -> list[str]:
    discretionary = permissions.partition("D:")[2].partition("S:")[0]
    found = {
        _LETTERS.get(trustee, trustee): None
        for kind, flags, rights, trustee in _ENTRY.findall(discretionary)
        if kind in _ALLOWS and "IO" not in re.findall("..", flags) and _reads(rights)
    }
    return list(found)


def _reads(rights: str) -> bool:
    if rights[:2].lower() == "0x":
        try:
            mask = int(rights[:18], 16)
        except ValueError:
            return True  # nobody can say what it allows
        return bool(mask & (_READ_DATA | _GENERIC))
    return not _READS.isdisjoint(re.findall("..", rights))
