"""The words, days and kinds of differences, from `differences.toml`. Pure."""

import functools
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from inventory.collections.papers import Difference, Kind, Paper
from inventory.disposal.states import ExceptionKind

DAY: Final = 86_400
_FILE: Final = Path(__file__).with_name("differences.toml")


class KindOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of difference; see the head of the file."""

    label: str
    said: str
    do: str
    exception: ExceptionKind
    days: int


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    papers: dict[Paper, str]
    kinds: dict[Kind, KindOf]


@functools.cache
def known() -> Known:
    """The file, read once."""
    return msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), Known)


def due_at(difference: Difference, opened_at: int) -> int:
    """When somebody should have settled it, in epoch seconds."""
    return opened_at + known().kinds[difference.kind].days * DAY


def said(difference: Difference, *, what: str = "", other: str = "") -> str:
    """A difference as a sentence. `what` and `other`: how the drive is written, and a company's
    name, where the difference only knows how it is compared."""
    told = (
        known()
        .kinds[difference.kind]
        .said.format(
            what=what or difference.serial or difference.tag or "nothing",
            paper=known().papers[difference.paper],
            other=other or difference.other,
            tag=difference.tag,
        )
    )
    return told[:1].upper() + told[1:]
