"""What anybody at this computer may read of the last look: how it went, never what it found (S17).

The agent's own folder is closed to everyone but root, and a pupil who may read which checks failed
knows which doors are open. So a few numbers lie in a file of their own, which may be lost.
"""

import contextlib
from collections import Counter
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from checks.verdicts import Verdict

NAME: Final = "status.json"
_FOR_ALL: Final = 0o644
_OURS: Final = 0o600


class Public(msgspec.Struct, frozen=True):
    """When it was looked (epoch seconds), what came of how many checks, when a report arrived."""

    schema: Literal["caretaker.public/1"] = "caretaker.public/1"
    looked_at: int = 0
    fine: int = 0
    attention: int = 0
    unseen: int = 0
    received_at: int = 0
    cpu_ms: int = 0


def told(verdicts: list[Verdict], looked_at: int, received_at: int, cpu_ms: int) -> Public:
    """The numbers of one look. A warning needs attention, too."""
    count = Counter(verdict.status for verdict in verdicts)
    return Public(
        looked_at=looked_at,
        fine=count["pass"],
        attention=count["fail"] + count["warn"],
        unseen=count["unknown"],
        received_at=received_at,
        cpu_ms=cpu_ms,
    )


def publish(folder: Path, public: Public, *, for_all: bool) -> None:
    """Write it, whole or not at all, where there is such a folder."""
    if folder.is_dir():
        files.replace(folder / NAME, msgspec.json.encode(public), _FOR_ALL if for_all else _OURS)


def read(folder: Path) -> Public | None:
    """What lies there; None for nothing, or nothing of ours."""
    try:
        data = files.read_or_none(folder / NAME, 4096)
        return None if data is None else msgspec.json.decode(data, type=Public)
    except (msgspec.DecodeError, UnicodeDecodeError, OSError):
        return None


def withdraw(folder: Path) -> None:
    """Take it away: this computer is looked at no more."""
    (folder / NAME).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # missing, or with something of somebody else's in it
        folder.rmdir()
