"""What a file of evidence is, by its content, and what it claims of each drive (disposal §2.5)."""

from collections.abc import Callable
from typing import Final

import msgspec

from checks.formats import nwipe_log
from checks.formats.errors import ParseError
from inventory.disposal.proof import nwipe
from inventory.disposal.proof.claims import Claim, Source

VERSION: Final = "1"
"""Of all readers here; raised when what they make of a file changes, so that a claim that is kept
says by which it was read."""
LARGEST: Final = 10 << 20


class Reading(msgspec.Struct, frozen=True):
    """A file that was understood. `claims` may be empty: then it says nothing of any drive."""

    format: Source
    version: str
    claims: list[Claim]


class Unreadable(msgspec.Struct, frozen=True):
    """A file that nobody here can read; it may be kept and its result entered by hand."""

    sentence: str


def read(data: bytes) -> Reading | Unreadable:
    """Read a file; its name does not matter."""
    if len(data) > LARGEST:
        return Unreadable(f"This file is larger than {LARGEST >> 20} MB.")
    for source, looks, reader in READERS:
        if not looks(data):
            continue
        try:
            return Reading(source, VERSION, reader(data))
        except ParseError as error:
            return Unreadable(f"This looks like {source}, but cannot be read: {error}.")
    return Unreadable(
        "This is no report that we can read. Keep it as a paper and enter its result by hand, with "
        "the reason."
    )


def _nwipe_log(data: bytes) -> list[Claim]:
    return nwipe.claims(nwipe_log.parse(data), nwipe_log.lines(data))


def _is_nwipe_log(data: bytes) -> bool:
    head = data[: 1 << 16]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    return b"Program options are set as follows..." in head or b"  notice: Found /dev/" in head


_Reader = tuple[Source, Callable[[bytes], bool], Callable[[bytes], list[Claim]]]
READERS: Final[tuple[_Reader, ...]] = (("nwipe-log", _is_nwipe_log, _nwipe_log),)
