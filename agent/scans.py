"""What `scan-media` found, kept for the next reports: the newest scan of each medium.

Counts and keyed hashes only; which file it was, the person at the computer was told. What lies
ahead of the clock is kept, and counts from when it says: a clock put right does not make a found
virus undone.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from checks.media_scans import REMEMBERED_SECONDS, MediaScan

NAME: Final = "media_scans.json"
MOST: Final = 16
"""Scans kept; what found something goes last."""
FRESH_SECONDS: Final = 2 * 86_400
"""How long a scan that found nothing is told: no check looks further back."""
_LARGEST: Final = 64 * 1024


class DamagedError(Exception):
    """The record is there and cannot be read."""


class Kept(msgspec.Struct, frozen=True):
    """Scans, oldest first."""

    v: Literal[1] = 1
    scans: list[MediaScan] = []


def load(folder: Path) -> list[MediaScan]:
    """All that is kept, oldest first. Raises DamagedError, OSError."""
    data = files.read_or_none(folder / NAME, _LARGEST)
    try:
        return [] if data is None else msgspec.json.decode(data, type=Kept).scans
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedError(str(folder / NAME)) from error


def keep(folder: Path, scan: MediaScan) -> None:
    """Add one. A damaged record starts anew: this scan is known at least. Raises OSError."""
    try:
        before = load(folder)
    except DamagedError:
        before = []
    files.replace(folder / NAME, msgspec.json.encode(Kept(scans=noted(before, scan))))


def noted(before: list[MediaScan], scan: MediaScan) -> list[MediaScan]:
    """The record with one more scan.

    It takes the place of an earlier one of the same medium only if it says as much: a folder that
    is clean, or a scan that was stopped, undoes nothing that was found on the whole stick.
    """
    kept = [one for one in before if not _undone(one, scan)]
    while len(kept) >= MOST:
        kept.remove(next((one for one in kept if one.outcome != "found"), kept[0]))
    return [*kept, scan]


def remembered(folder: Path, now: int) -> list[MediaScan]:
    """What is told, oldest first. Raises DamagedError, OSError."""
    return [one for one in load(folder) if one.ended_at >= now - _counts(one)]


def _counts(scan: MediaScan) -> int:
    return REMEMBERED_SECONDS if scan.outcome == "found" else FRESH_SECONDS


def _undone(old: MediaScan, new: MediaScan) -> bool:
    if not new.medium or old.medium != new.medium:
        return False
    sound = new.outcome == "clean" and new.whole and not new.skipped
    return sound or new.outcome == "found" or old.outcome != "found"
