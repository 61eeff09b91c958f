"""A security descriptor in its self-relative form: who is allowed anything at all.

Only what allows and denies plainly is read (access-control entries of types 0 and 1, and their
object forms 5 and 6); conditions and audits are left out. Entries that are only there to be handed
down to what is inside do not count.
"""

import struct
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_HEADER: Final = struct.Struct("<BBHIIII")
_ACL: Final = struct.Struct("<BBHHH")
_ACE: Final = struct.Struct("<BBH")
_DACL_PRESENT: Final = 0x0004
_SELF_RELATIVE: Final = 0x8000
_INHERIT_ONLY: Final = 0x08
_ALLOWED: Final = 0
_ALLOWED_OBJECT: Final = 5
_MOST_PARTS: Final = 15


class Descriptor(msgspec.Struct, frozen=True):
    """Who may."""

    allowed: list[str] | None
    """SIDs with some right, each once; None: there is no list at all, so everybody may everything.
    """


def parse(data: bytes) -> Descriptor:
    """Read it. Raises ParseError."""
    try:
        _, _, control, _, _, _, start = _HEADER.unpack_from(data)
        if not control & _SELF_RELATIVE:
            raise ParseError("security descriptor: not self-relative")
        if not control & _DACL_PRESENT or start == 0:
            return Descriptor(None)
        return Descriptor(_allowed(data, start))
    except (struct.error, IndexError) as error:
        raise ParseError("security descriptor: cut short") from error


def _allowed(data: bytes, start: int) -> list[str]:
    _, _, _, count, _ = _ACL.unpack_from(data, start)
    at = start + _ACL.size
    found: dict[str, None] = {}
    for _ in range(count):
        kind, flags, size = _ACE.unpack_from(data, at)
        if size < _ACE.size or at + size > len(data):
            raise ParseError("security descriptor: an entry beyond its end")
        sid = _sid_of(data[at : at + size], kind)
        if sid is not None and not flags & _INHERIT_ONLY:
            found[sid] = None
        at += size
    return list(found)


def _sid_of(ace: bytes, kind: int) -> str | None:
    """The account an entry allows something; None: it allows nobody anything."""
    if kind not in (_ALLOWED, _ALLOWED_OBJECT):
        return None
    (mask,) = struct.unpack_from("<I", ace, 4)
    if mask == 0:
        return None
    at = 8
    if kind == _ALLOWED_OBJECT:
        (objects,) = struct.unpack_from("<I", ace, 8)
        at = 12 + 16 * (bool(objects & 1) + bool(objects & 2))
    return sid(ace[at:])


def sid(data: bytes) -> str:
    """A SID in its written form. Raises ParseError."""
    if len(data) < 8 or data[1] > _MOST_PARTS or len(data) < 8 + 4 * data[1]:
        raise ParseError("security descriptor: a SID cut short")
    authority = int.from_bytes(data[2:8], "big")
    parts = struct.unpack_from(f"<{data[1]}I", data, 8)
    return "-".join(["S", str(data[0]), str(authority), *map(str, parts)])
