"""The answer of dnf 4 to `dnf -q updateinfo list --security`: a line for each package to come.

    RLSA-2026:0123 Important/Sec. openssl-libs-1:3.2.2-7.el9_6.x86_64

Seen with dnf 4.14 and in captures of AlmaLinux 10 and Fedora 34. dnf 5 prints a table instead.
"""

import re
from typing import Final, Literal

import msgspec

from checks.formats.errors import ParseError

_LINE: Final = re.compile(
    r"(?P<advisory>\S+)\s+(?P<severity>\S+)/Sec\.\s+(?P<name>\S+)-(?P<version>[^\s-]+-[^\s-]+)\.\w+"
)
_SEVERITIES: Final[dict[str, Literal["critical", "high", "medium", "low"]]] = {
    "critical": "critical",
    "important": "high",
    "moderate": "medium",
    "low": "low",
}


class Offer(msgspec.Struct, frozen=True):
    """A package that an advisory would bring; `severity` None: its maker does not rate it."""

    advisory: str
    severity: Literal["critical", "high", "medium", "low"] | None
    name: str
    version: str


def parse(data: bytes) -> list[Offer]:
    """Every line. Raises ParseError for one of another shape."""
    found = []
    for line in data.decode("utf-8", "replace").split("\n"):
        if not line.strip():
            continue
        fields = _LINE.fullmatch(line.strip())
        if fields is None:
            raise ParseError("not an advisory, its severity and a package")
        severity = _SEVERITIES.get(fields["severity"].lower())
        found.append(Offer(fields["advisory"], severity, fields["name"], fields["version"]))
    return found
