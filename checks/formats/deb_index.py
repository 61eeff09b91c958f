"""An archive's package index (`Packages`), as apt keeps it in `/var/lib/apt/lists`.

Only name and version are read. Traps: one index may hold several versions of a package; indexes
are megabytes, so they are scanned, not split.
"""

import msgspec

from checks.formats.errors import ParseError


class Offered(msgspec.Struct, frozen=True):
    """One version of a package that an archive offers."""

    name: str
    version: str


def parse(data: bytes) -> list[Offered]:
    """Everything the index offers. Raises ParseError for a paragraph without a version."""
    body = b"\n" + data
    found, at = [], body.find(b"\nPackage: ")
    while at >= 0:
        end = body.find(b"\nPackage: ", at + 10)
        version = body.find(b"\nVersion: ", at, end if end >= 0 else len(body))
        if version < 0:
            raise ParseError("a package without a version")
        found.append(Offered(_line(body, at + 10), _line(body, version + 10)))
        at = end
    return found


def _line(body: bytes, at: int) -> str:
    end = body.find(b"\n", at)
    return body[at : end if end >= 0 else len(body)].decode("utf-8", "replace").strip()
