"""A copy that somebody packed with xz, bzip2 or gzip, unpacked within bounds."""

import bz2
import lzma
import zlib
from typing import Final, Protocol

from checks.formats.errors import ParseError

_XZ: Final = b"\xfd7zXZ\0"
_BZIP2: Final = b"BZh"
_GZIP: Final = b"\x1f\x8b\x08"


class _Reader(Protocol):
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def plain(data: bytes, longest: int) -> bytes:
    """The bytes themselves, or what they unpack to: a few may unpack to anything.

    Raises ParseError for more than `longest`, or a copy that is broken. Of a copy in several
    pieces, which bzip2 and gzip allow, only the first is read.
    """
    reader = _reader(data)
    if reader is not None:
        try:
            unpacked = reader.decompress(data, longest + 1)
        except (lzma.LZMAError, OSError, zlib.error, EOFError, ValueError) as error:
            raise ParseError("packed, and broken") from error
        if len(unpacked) > longest:
            raise ParseError("packed, and too large")
        if not reader.eof:
            raise ParseError("packed, and cut short")
        data = unpacked
    if len(data) > longest:
        raise ParseError(f"longer than {longest} bytes")
    return data


def _reader(data: bytes) -> _Reader | None:
    if data.startswith(_XZ):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=1 << 28)
    if data.startswith(_BZIP2):
        return bz2.BZ2Decompressor()
    return zlib.decompressobj(zlib.MAX_WBITS | 16) if data.startswith(_GZIP) else None
