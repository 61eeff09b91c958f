"""`/proc/self/mounts`: what is mounted where, with which options.

Traps: spaces in names stand as `\\040`; a later line hides an earlier one at the same place.
"""

import re

import msgspec

_ESCAPE = re.compile(r"\\([0-7]{3})")


class Mount(msgspec.Struct, frozen=True):
    """One mounted file system."""

    place: str
    kind: str
    options: list[str]


def parse(data: bytes) -> list[Mount]:
    """Every well-formed line, in order; others are skipped."""
    rows = (line.split(" ") for line in data.decode("utf-8", "replace").split("\n"))
    return [
        Mount(unescaped(row[1]), row[2], row[3].split(","))
        for row in rows
        if len(row) >= 4 and row[1].startswith("/")
    ]


def holding(mounts: list[Mount], path: str) -> Mount | None:
    """The mount a path lies on: the longest place above it, the last of equal ones."""
    above = [m for m in mounts if path == m.place or path.startswith(f"{m.place.rstrip('/')}/")]
    return max(reversed(above), key=lambda mount: len(mount.place), default=None)


def unescaped(text: str) -> str:
    """A name as the kernel writes it in its tables, spaces and newlines put back."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 8) & 0xFF)
