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
    body = b"\n" + data + b"\n"
    find = body.find
    found, at = [], find(b"\nPackage: ")
    while at >= 0:
        after = find(b"\nPackage: ", at + 10)
        version = find(b"\nVersion: ", at, after if after >= 0 else len(body))
        if version < 0:
            raise ParseError("a package without a version")
        name = body[at + 10 : find(b"\n", at + 10)].decode("utf-8", "replace")
        number = body[version + 10 : find(b"\n", version + 10)].decode("utf-8", "replace")
        found.append(Offered(name.strip(), number.strip()))
        at = after
    return found
