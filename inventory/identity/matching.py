"""Decide which register entry a computer is: pure, so that every awkward case is a line in a test
(O31).

Never by name or address. An entry with which only a MAC is shared, while the serials differ, is a
stranger that stood at the same dock. Several candidates, or marks that contradict each other, wait
for a person; an entry whose computer holds a live key is never given to another one.
"""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from inventory.marks import STRONG

Marks = Mapping[str, Collection[str]]
"""Normalised values by kind."""

AMBIGUOUS: Final = "ambiguous"
CLAIMED: Final = "claimed"
MOVED: Final = "moved"
"""A computer that has its entry already shows another machine's marks and none of its own."""


class Decision(msgspec.Struct, frozen=True):
    """`asset_id` to bind; or `doubt` to wait on; or neither, then a new entry is made."""

    asset_id: str | None = None
    doubt: str = ""


def decide(mine: Marks, candidates: Mapping[str, Marks], bound: Collection[str]) -> Decision:
    """Choose among the entries that share at least one mark with this computer.

    `bound` are entries whose computer holds a live key.
    """
    near, strongly = closest(mine, candidates)
    if not near:
        return Decision()
    if len(near) > 1:
        return Decision(doubt=AMBIGUOUS)
    ((asset_id, theirs),) = near.items()
    if asset_id in bound:
        return Decision(doubt=CLAIMED)
    if _contradicted(mine, theirs) or not (strongly or _only_macs(mine, theirs)):
        return Decision(doubt=AMBIGUOUS)
    return Decision(asset_id=asset_id)


def closest(mine: Marks, candidates: Mapping[str, Marks]) -> tuple[dict[str, Marks], bool]:
    """Those of the entries that might be this computer, and whether they share a mark that one
    machine only has: beside such an entry, one with the same MAC says nothing."""
    near = {asset_id: m for asset_id, m in candidates.items() if not _only_met(mine, m)}
    strongly = {a: m for a, m in near.items() if _shared(mine, m) & set(STRONG)}
    return strongly or near, bool(strongly)


def is_another_machine(mine: Marks, theirs: Marks) -> bool:
    """Whether the serial numbers differ and no mark of one machine agrees: a disk that was moved
    takes its key along into a stranger. A new board alone keeps the serial number or hides it."""
    shared = _shared(mine, theirs) & set(STRONG)
    return not shared and "serial" in _contradicted(mine, theirs)


def _shared(mine: Marks, theirs: Marks) -> set[str]:
    return {kind for kind in theirs if set(mine.get(kind, ())) & set(theirs[kind])}


def _contradicted(mine: Marks, theirs: Marks) -> set[str]:
    """Marks of one machine that both have and that do not agree."""
    both = {kind for kind in STRONG if theirs.get(kind) and mine.get(kind)}
    return both - _shared(mine, theirs)


def _only_met(mine: Marks, theirs: Marks) -> bool:
    """Two machines that had one dock or adapter: only a MAC agrees, and the serial numbers do not.

    Without serial numbers it may be one machine with a new board and its old wireless card.
    """
    return _shared(mine, theirs) <= {"mac"} and "serial" in _contradicted(mine, theirs)


def _only_macs(mine: Marks, theirs: Marks) -> bool:
    """Neither side has anything better than permanent MACs, and all of the entry's are here."""
    if any(mine.get(kind) or theirs.get(kind) for kind in STRONG):
        return False
    return set(theirs.get("mac", ())) <= set(mine.get("mac", ()))
