"""`flatpak list --app --columns=…`: tab separated, no header in a pipe.

Traps: an application without a version leaves the field empty; some versions pad with spaces.
"""

import msgspec

from checks.formats.errors import ParseError

COLUMNS = "application,name,version,origin"


class App(msgspec.Struct, frozen=True):
    """One installed application."""

    id: str
    name: str
    version: str
    origin: str


def parse(data: bytes) -> list[App]:
    """Every application. Raises ParseError for a line of another shape."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line.strip():
            continue
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != 4 or "." not in fields[0]:
            raise ParseError("not four fields")
        found.append(App(*fields))
    return found
