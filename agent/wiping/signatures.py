"""What a piece of a drive looks like at its beginning. Pure; nothing of its content is kept.

Numbers from the formats' own documents: offsets are from the beginning of a sector that begins a
file system, a structure or a file.
"""

import re
from typing import Final

from checks.media_wipes import SECTOR, Kind

RUN: Final = 40
"""Printable characters in a row that random bytes never show: a terabyte holds such a run with a
chance of one in 100,000."""
_TEXT: Final = bytes(1 if 0x20 <= c <= 0x7E or c in b"\t\r\n" else 0 for c in range(256))
_TEXT_RUN: Final = b"\1" * RUN
_EVEN: Final = 64
"""Bytes that are all zero or all 0xff, which random ones never are."""

_AT: Final[tuple[tuple[int, bytes, Kind], ...]] = (
    (0, b"EFI PART", "partition-table"),
    (3, b"-FVE-FS-", "bitlocker"),
    (3, b"NTFS    ", "ntfs"),
    (3, b"EXFAT   ", "exfat"),
    (54, b"FAT1", "fat"),
    (82, b"FAT32   ", "fat"),
    (0, b"LUKS\xba\xbe", "luks"),
    (0, b"LABELONE", "lvm"),
    (0, b"\xfc\x4e\x2b\xa9", "raid"),
    (0, b"XFSB", "xfs"),
    (64, b"_BHRfS_M", "btrfs"),
    (32, b"NXSB", "apfs"),
    (0, b"H+\0\4", "hfs"),
    (0, b"hsqs", "squashfs"),
    (502, b"SWAPSPACE2", "swap"),
    (0, b"%PDF-", "pdf"),
    (0, b"PK\3\4", "zip"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"\x7fELF", "program"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"\x1f\x8b\x08", "archive"),
    (56, b"\x53\xef\1\0", "ext"),
    (56, b"\x53\xef\2\0", "ext"),
    (510, b"\x55\xaa", "boot-sector"),
)
_CERTAIN: Final = 6
"""Bytes of a signature that chance does not write anywhere on a drive of some terabytes."""
_STRONG: Final = [(at, sign) for at, sign, _ in _AT if len(sign) >= _CERTAIN]


def kind(sector: bytes) -> Kind:
    """What one sector looks like."""
    for at, sign, what in _AT:
        if sector.startswith(sign, at):
            return what
    if len(set(sector)) == 1:
        return {0: "zeros", 0xFF: "ones"}.get(sector[0], "fill")  # type: ignore[return-value]  # each of them is a kind
    return "text" if _TEXT_RUN in sector.translate(_TEXT) else "data"


def no_chance(data: bytes) -> int | None:
    """Where something stands that random bytes never show; None: nowhere.

    `data` begins with a sector. It refutes only: compressed and encrypted files look random.
    """
    found = [data.translate(_TEXT).find(_TEXT_RUN), data.find(b"\0" * _EVEN)]
    found.append(data.find(b"\xff" * _EVEN))
    for at, sign in _STRONG:
        for match in re.finditer(re.escape(sign), data):
            if match.start() % SECTOR == at:
                found.append(match.start())
                break
    return min((place for place in found if place >= 0), default=None)
