"""`/etc/os-release`: shell-like assignments that name the system and its release.

Traps: values may be bare, in single or in double quotes, with backslashes; VERSION_ID is missing on
Debian testing; SUPPORT_END (a date) is the maker's own promise where it is given.
"""

import datetime
import re

import msgspec

from checks.formats.errors import ParseError

_LINE = re.compile(r"^([A-Z][A-Z0-9_]*)=(.*)$")


class OsRelease(msgspec.Struct, frozen=True):
    """The names of a Linux system; empty or None where the file does not say."""

    id: str
    like: list[str]
    name: str
    version_id: str | None
    codename: str | None
    base_codename: str | None
    """Ubuntu's codename under a system made from it (Linux Mint)."""
    support_end: int | None
    """Epoch seconds of the last day the maker promises fixes."""
    assignments: dict[str, str] = {}
    """All there is, unquoted."""


def parse(data: bytes) -> OsRelease:
    """Read the assignments. Raises ParseError without an ID."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        match = _LINE.match(line.strip())
        if match:
            found[match[1]] = _unquoted(match[2].strip())
    if not found.get("ID"):
        raise ParseError("no ID")
    return OsRelease(
        found["ID"].lower(),
        found.get("ID_LIKE", "").lower().split(),
        found.get("PRETTY_NAME") or found.get("NAME") or found["ID"],
        found.get("VERSION_ID") or None,
        found.get("VERSION_CODENAME") or None,
        found.get("UBUNTU_CODENAME") or None,
        _day(found.get("SUPPORT_END", "")),
        found,
    )


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return re.sub(r"\\([\"$`\\'])", r"\1", text)


def _day(text: str) -> int | None:
    try:
        day = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(day.replace(tzinfo=datetime.UTC).timestamp())
