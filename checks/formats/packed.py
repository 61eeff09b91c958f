"""A copy that somebody packed with xz, unpacked within bounds."""

import lzma
from typing import Final

from checks.formats.errors import ParseError

_XZ: Final = b"\xfd7zXZ\0"


def plain(data: bytes, longest: int) -> bytes:
    """The bytes themselves, or what they unpack to: a few may unpack to anything.

    Raises ParseError for more than `longest`, or a copy that is broken.
    """
    if data.startswith(_XZ):
        reader = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=1 << 28)
        try:
            data = reader.decompress(data, max_length=longest + 1)
        except lzma.LZMAError as error:
            raise ParseError("packed, and broken") from error
        if not reader.eof and len(data) <= longest:
            raise ParseError("packed, and cut short")
        if len(data) > longest:
            raise ParseError("packed, and too large")
    if len(data) > longest:
        raise ParseError(f"longer than {longest} bytes")
    return data
