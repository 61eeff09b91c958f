"""When to try again: later each time, never all at once, and when the controller says so (O27).

Only the scheduled sender waits for it; a person who types `run` is not made to.
"""

import secrets
from pathlib import Path
from typing import Final

import msgspec

from agent import files

FIRST_SECONDS: Final = 5 * 60
LONGEST_SECONDS: Final = 6 * 3_600
LONGEST_ASKED_SECONDS: Final = 24 * 3_600
"""No answer, however genuine, silences an agent for longer."""


class Backoff(msgspec.Struct, frozen=True):
    """Failures in a row, and the epoch second before which the schedule does not try."""

    failures: int = 0
    not_before: int = 0


def load(folder: Path) -> Backoff:
    """What the last attempt left; a damaged file delays nothing."""
    data = files.read_or_none(folder / "backoff.json", 4096)
    try:
        return Backoff() if data is None else msgspec.json.decode(data, type=Backoff)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Backoff()


def waits(folder: Path, now: int) -> int:
    """Seconds the schedule still waits.

    A clock set back never makes it wait longer than the longest.
    """
    left = load(folder).not_before - now
    return left if 0 < left <= LONGEST_ASKED_SECONDS else 0


def failed(folder: Path, now: int, asked_seconds: int | None = None) -> int:
    """Note a failure; return the seconds to wait: doubled each
    time, at least half of that at random."""
    failures = load(folder).failures + 1
    wait = jittered(min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(failures - 1, 10)))
    if asked_seconds is not None:
        wait = max(wait if asked_seconds == 0 else 0, min(asked_seconds, LONGEST_ASKED_SECONDS))
    files.replace(folder / "backoff.json", msgspec.json.encode(Backoff(failures, now + wait)))
    return wait


def succeeded(folder: Path, now: int = 0, asked_seconds: int = 0) -> None:
    """All is delivered; a receipt may ask for some quiet, which our own limit bounds (O27)."""
    if not asked_seconds:
        (folder / "backoff.json").unlink(missing_ok=True)
        return
    wait = jittered(min(2 * asked_seconds, LONGEST_SECONDS))
    files.replace(folder / "backoff.json", msgspec.json.encode(Backoff(0, now + wait)))


def jittered(seconds: int) -> int:
    """Between half of `seconds` and all of it, so that a school's laptops do not call in step."""
    return seconds // 2 + secrets.randbelow(seconds // 2 + 1)
