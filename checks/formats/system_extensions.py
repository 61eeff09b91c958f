"""`systemextensionsctl list`: the system extensions of a Mac, such as the part of an antivirus that
sees files being opened, and whether macOS lets each work.

Columns parted by tabs, under a line per kind that begins with `---`. The stars of the first two
columns decide (enabled, active); the words in brackets at the end say the same in more words. Trap:
an extension that was replaced stands in the list beside its successor until the next restart.
"""

from typing import Final

import msgspec

from checks.formats.errors import ParseError

_KIND: Final = "--- "
_COUNT: Final = "extension(s)"
_STAR: Final = "*"
_MOST: Final = 1_000


class Extension(msgspec.Struct, frozen=True):
    """One extension: the kind's last word (`endpoint_security`), its maker's team and its name."""

    kind: str
    team: str
    bundle: str
    works: bool
    """Allowed, and loaded."""


def parse(data: bytes) -> list[Extension]:
    """Read the list, in its order. Raises ParseError for what is no such list."""
    found: list[Extension] = []
    kind, counted = "", False
    for line in data.decode("utf-8", "replace").splitlines():
        cells = line.split("\t")
        if line.startswith(_KIND):
            kind = line.removeprefix(_KIND).split(" ")[0].rpartition(".")[2]
        elif line.strip().endswith(_COUNT):
            counted = True
        elif kind and len(cells) >= 6 and (name := cells[3].split(" ")[0]) and cells[2] != "teamID":
            works = cells[0].strip() == _STAR and cells[1].strip() == _STAR
            found.append(Extension(kind, cells[2].strip(), name, works))
    if not counted or len(found) > _MOST:
        raise ParseError("systemextensionsctl: not its list")
    return found
