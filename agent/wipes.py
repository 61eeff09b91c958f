"""What `verify-wipe` came to, kept until a report in the spool tells it; a receipt empties that."""

import logging
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from checks.media_wipes import MediaWipe, MediaWipes
from wire import report, sections

log = logging.getLogger("agent")

NAME: Final = "media_wipes.json"
MOST: Final = 1_000
"""Readings that wait at most; then the oldest goes. A bench reads some dozens a day."""
_LARGEST: Final = 8 << 20
ROOM: Final = 3 * 1024
"""Bytes of one report they may take; one alone always fits. The rest goes with the next report."""


class DamagedError(Exception):
    """The record is there and cannot be read."""


class Kept(msgspec.Struct, frozen=True):
    """Readings nobody was told yet, oldest first."""

    v: Literal[1] = 1
    wipes: list[MediaWipe] = []


def load(folder: Path) -> list[MediaWipe]:
    """All that waits. Raises DamagedError, OSError."""
    data = files.read_or_none(folder / NAME, _LARGEST)
    try:
        return [] if data is None else msgspec.json.decode(data, type=Kept).wipes
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedError(str(folder / NAME)) from error


def keep(folder: Path, wipe: MediaWipe) -> None:
    """Add one. A damaged record starts anew: this reading is told at least. Raises OSError."""
    try:
        before = load(folder)
    except DamagedError:
        before = []
    _save(folder, [*before, wipe][-MOST:])


def waiting(folder: Path) -> list[MediaWipe]:
    """The oldest that fit into one report. What cannot be read costs its readings, not the round.
    Raises OSError."""
    try:
        found = load(folder)
    except DamagedError as error:
        log.warning("%s cannot be read: readings of wiped drives in it are lost", error)
        return []
    count = min(1, len(found))
    while count < len(found) and len(sections.pack(MediaWipes(found[: count + 1]))) <= ROOM:
        count += 1
    return found[:count]


def told(folder: Path, wipes: list[MediaWipe]) -> None:
    """They stand in the spool. Raises OSError."""
    if not wipes:
        return
    gone = {one.id for one in wipes}
    _save(folder, [one for one in load(folder) if one.id not in gone])


def say(wipes: list[MediaWipe]) -> list[report.NowSection]:
    """The section as it stands in a report; none where there is nothing to tell."""
    if not wipes:
        return []
    body = sections.pack(MediaWipes(wipes)).decode()
    kind = MediaWipes
    return [report.NowSection(section=kind.section, schema=kind.schema, body=body)]


def _save(folder: Path, wipes: list[MediaWipe]) -> None:
    files.replace(folder / NAME, msgspec.json.encode(Kept(wipes=wipes)))
