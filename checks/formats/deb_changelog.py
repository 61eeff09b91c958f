"""The newest entry of a Debian changelog: `xz-utils (5.4.1-1) unstable; urgency=medium`.

The suite a package was made for tells whose it is: the archive's own packages name its suites,
packages from elsewhere say `stable`, `xenial`, `UNRELEASED`, `whatever` and the like.
"""

import re
import zlib

import msgspec

from checks.formats.errors import ParseError

_HEAD = re.compile(r"^([a-z0-9][a-z0-9+.\-]*) \(([^()\s]{1,200})\)((?: [\w.+\-]{1,80})+);")
_HEAD_LIMIT = 8192


class Entry(msgspec.Struct, frozen=True):
    """The newest entry: source package, version and the suites it was uploaded to."""

    source: str
    version: str
    suites: list[str]


def parse(data: bytes) -> Entry:
    """Read the first entry, gzip or plain. Raises ParseError."""
    if data.startswith(b"\x1f\x8b"):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _HEAD_LIMIT)
        except zlib.error as error:
            raise ParseError(str(error)) from error
    match = _HEAD.match(data[:_HEAD_LIMIT].lstrip().decode("utf-8", "replace"))
    if match is None:
        raise ParseError("no changelog entry")
    return Entry(match[1], match[2], match[3].split())
