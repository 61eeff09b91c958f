"""The 512-byte text header of a ClamAV database file (`daily.cvd`, `daily.cld`, …).

`ClamAV-VDB:BUILD TIME:VERSION:SIGNATURES:LEVEL:MD5:DSIG:BUILDER:EPOCH`, padded with spaces; the
build time writes hours and minutes as `08-24`, so a plain split on `:` is safe. Trap: databases
built before 2007 and some hand-made ones have no epoch; the build time is then read instead.
"""

import datetime

import msgspec

from checks.formats.errors import ParseError

HEADER_BYTES = 512
LARGEST = 1 << 40
"""No count, version or epoch second is this large."""

_MAGIC = "ClamAV-VDB"


class Header(msgspec.Struct, frozen=True):
    """What a database says of itself. `built_at` is epoch seconds UTC."""

    version: int
    built_at: int
    signatures: int
    level: int
    builder: str


def parse(data: bytes) -> Header:
    """Read the header; what follows it is ignored. Raises ParseError."""
    text = data[:HEADER_BYTES].decode("ascii", "replace").rstrip(" \0")
    fields = text.split(":")
    if fields[0] != _MAGIC or len(fields) < 8:
        raise ParseError("not a ClamAV database")
    try:
        version, signatures, level = (int(fields[i]) for i in (2, 3, 4))
        built_at = int(fields[8]) if len(fields) > 8 and fields[8] else _build_time(fields[1])
    except ValueError as error:
        raise ParseError(f"a ClamAV database header with {error}") from error
    if not all(0 <= number < LARGEST for number in (version, signatures, level, built_at)):
        raise ParseError("a ClamAV database header with an impossible number")
    return Header(version, built_at, signatures, level, fields[7])


def _build_time(text: str) -> int:
    built = datetime.datetime.strptime(text, "%d %b %Y %H-%M %z")
    return int(built.timestamp())
