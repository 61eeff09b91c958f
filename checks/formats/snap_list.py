"""`snap list` and `snap info`, for a list that was handed over: on a machine its socket is asked.

Traps: the head is translated, into several words too, and columns came with the years (Tracking in
2.32, Developer became Publisher), so places count; `canonical*` or `canonical✓` marks a publisher
whom the shop has checked; notes are joined by commas; `-` stands for nothing.
"""

import re
from typing import Final

import msgspec

from checks.formats.errors import ParseError

_INFO: Final = re.compile(r"^([a-z][a-z-]{2,20}): +(\S.*)$")
_INSTALLED: Final = re.compile(r"^(\S+) +(?:\S+ +)?\((\d+)\)")
_WIDE: Final = re.compile(r"\s{2,}")
_KINDS: Final = ("base", "core", "snapd", "kernel", "gadget", "os")


class Snap(msgspec.Struct, frozen=True):
    """One snap. `kind` is app, base, core, kernel, gadget, os or snapd."""

    name: str
    version: str
    revision: str
    tracking: str
    publisher: str
    checked: bool
    """The shop knows who the publisher is."""
    kind: str
    notes: list[str]


def parse(data: bytes) -> list[Snap]:
    """Every snap. Raises ParseError."""
    lines = [line.rstrip() for line in data.decode("utf-8", "replace").splitlines()]
    rows = [line for line in lines if line.strip()]
    if not rows:
        return []
    if rows[0].startswith("name:"):
        return [_of_info(rows)]
    head = rows[0].strip()
    columns = len((rows[1] if len(rows) > 1 else head).split())
    if columns not in (4, 5, 6) or columns not in (len(head.split()), len(_WIDE.split(head))):
        raise ParseError("snap list: not its columns")
    return [_of_row(row.split(), columns) for row in rows[1:]]


def _of_row(cells: list[str], columns: int) -> Snap:
    if len(cells) != columns:
        raise ParseError("snap list: a line with other columns")
    notes = [] if cells[-1] == "-" else cells[-1].split(",")
    publisher = cells[-2] if columns > 4 else "-"
    return Snap(
        name=cells[0],
        version="" if cells[1] == "-" else cells[1],
        revision=cells[2],
        tracking=cells[3] if columns == 6 and cells[3] != "-" else "",
        publisher="" if publisher == "-" else publisher.rstrip("*✓✪"),
        checked=publisher.endswith(("*", "✓", "✪")),
        kind=next((note for note in notes if note in _KINDS), "app"),
        notes=notes,
    )


def _of_info(rows: list[str]) -> Snap:
    values: dict[str, str] = {}
    for row in rows:
        found = _INFO.match(row)
        if found:
            values.setdefault(found[1], found[2].strip())
    installed = _INSTALLED.match(values.get("installed", ""))
    if installed is None:
        raise ParseError("snap info: not installed")
    publisher = values.get("publisher", "")
    kind = values.get("type", "app")
    return Snap(
        name=values.get("name", ""),
        version=installed[1],
        revision=installed[2],
        tracking=values.get("tracking", ""),
        publisher=publisher.rstrip("*✓✪"),
        checked=publisher.endswith(("*", "✓", "✪")),
        kind=kind if kind in _KINDS else "app",
        notes=[],
    )
