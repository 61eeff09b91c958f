"""What the drives had free on earlier days: one look a day, the last of it, for 30 days.

Kept so that a server that fills is noticed before it is full (ADR 24). Sizes and bytes only. A
clock that was put back makes days that lie ahead; they are forgotten.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from checks.room import REMEMBERED_DAYS, Room

NAME: Final = "room.json"
MOST: Final = 16
"""Volumes of one look that are kept."""
_DAY: Final = 86_400
_LARGEST: Final = 128 * 1024


class DamagedError(Exception):
    """The record is there and cannot be read."""


class Kept(msgspec.Struct, frozen=True):
    """Days, oldest first."""

    v: Literal[1] = 1
    days: list[Room] = []


def load(folder: Path) -> list[Room]:
    """All that is kept, oldest first. Raises DamagedError, OSError."""
    data = files.read_or_none(folder / NAME, _LARGEST)
    try:
        return [] if data is None else msgspec.json.decode(data, type=Kept).days
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedError(str(folder / NAME)) from error


def keep(folder: Path, at: int, free: dict[str, int]) -> None:
    """Add this look; a full disk or a damaged record costs the forecast, never the round."""
    import logging  # an audit keeps nothing, and loading it costs a fiftieth of one

    log = logging.getLogger("agent.room")
    try:
        try:
            before = load(folder)
        except DamagedError:
            log.warning("the record of room on drives was damaged and starts anew")
            before = []
        days = noted(before, Room(at // _DAY, dict(list(free.items())[:MOST])))
        files.replace(folder / NAME, msgspec.json.encode(Kept(days=days)))
    except OSError as error:
        log.warning("the record of room on drives was not written: %s", error.strerror)


def noted(before: list[Room], now: Room) -> list[Room]:
    """The record with one more look, in place of an earlier one of that day."""
    kept = [one for one in before if now.day - REMEMBERED_DAYS <= one.day < now.day]
    return [*kept[-REMEMBERED_DAYS:], now]
