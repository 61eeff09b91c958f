"""What was found last, in a small file of the data folder: the server writes it, pages and `doctor`
read it."""

from pathlib import Path
from typing import Final

import msgspec

from controller.backup import disk
from controller.selfcheck.findings import Finding, not_well

NAME: Final = "selfcheck.json"
OLD_SECONDS: Final = 2 * 86_400
"""Older than this it says nothing about now."""


class Record(msgspec.Struct, frozen=True):
    """When, what, and how many reports waited."""

    at: int
    findings: list[Finding]
    waiting: int = 0


def save(data: Path, record: Record) -> None:
    """Put it in place of the one before."""
    disk.replace(data / NAME, msgspec.json.encode(record))


def load(data: Path, at: int) -> Record | None:
    """The last one; None when there is none, or only an old or damaged one."""
    try:
        found = msgspec.json.decode((data / NAME).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError):
        return None
    return found if abs(at - found.at) <= OLD_SECONDS else None


def self_findings(data: Path, at: int) -> list[Finding]:
    """What is not well, the worst first, as the server saw it last."""
    found = load(data, at)
    return not_well(found.findings) if found else []
