"""The photographs and papers of one entry, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from controller.wording.shown import shown
from inventory.documents.contents import CSV, EXCEL, LONGEST_NAME, PDF, TEXT, WORD
from inventory.documents.queries import Paper
from inventory.documents.services import MOST_PER_ENTRY

_KINDS: Final = {PDF: "PDF", WORD: "Word", EXCEL: "Excel", CSV: "CSV", TEXT: "Text"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One of them; every string may be shown as it is."""

    id: str
    name: str
    what: str
    added_at: int


@dataclass(frozen=True, slots=True)
class Papers:
    """All of one entry. `may_add`: this person may add and take off; `full`: there is no room."""

    photos: list[Shown]
    papers: list[Shown]
    may_add: bool
    full: bool
    most: int = MOST_PER_ENTRY


def papers(found: Sequence[Paper], *, may_add: bool) -> Papers:
    """Put them together: what a page can show as a picture, and everything else as a line."""
    return Papers(
        photos=[_shown(one) for one in found if one.is_picture],
        papers=[_shown(one) for one in found if not one.is_picture],
        may_add=may_add,
        full=len(found) >= MOST_PER_ENTRY,
    )


def _shown(paper: Paper) -> Shown:
    kind = _KINDS.get(paper.media_type, "Photograph")
    return Shown(
        paper.id, shown(paper.name, LONGEST_NAME), f"{kind}, {_size(paper.size)}", paper.added_at
    )


def _size(size: int) -> str:
    if size < 100_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1e6:.1f} MB"
