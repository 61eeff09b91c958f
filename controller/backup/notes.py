"""When the last backup was taken and when one was last tried out, for what the controller finds
about itself (O24).

Two small files in `backups/`; a missing or damaged one counts as never.
"""

from pathlib import Path
from typing import Final

import msgspec

from controller.backup import disk

TAKEN: Final = "last-taken.json"
TRIED: Final = "last-tried.json"


class Note(msgspec.Struct, frozen=True):
    """When, and the digest of the list of that backup."""

    at: int
    manifest: str


def taken(data: Path, manifest: str, at: int) -> None:
    """A backup was taken."""
    disk.replace(data / "backups" / TAKEN, msgspec.json.encode(Note(at, manifest)))


def tried(data: Path, manifest: str, at: int) -> None:
    """A backup was brought back, or read through as if it were."""
    disk.replace(data / "backups" / TRIED, msgspec.json.encode(Note(at, manifest)))


def last(data: Path, name: str) -> Note | None:
    """What was noted; None for never."""
    try:
        return msgspec.json.decode((data / "backups" / name).read_bytes(), type=Note)
    except (OSError, msgspec.DecodeError):
        return None
