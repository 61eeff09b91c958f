"""Decide which register entry a computer is: pure, so that every awkward case is a line in a test
(O31).

Never by name or address. Several candidates, or marks that contradict each other, wait for a
person; an entry whose computer holds a live key is never given to another one.
"""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from inventory.marks import STRONG

Marks = Mapping[str, Collection[str]]
"""Normalised values by kind."""

AMBIGUOUS: Final = "ambiguous"
CLAIMED: Final = "claimed"


class Decision(msgspec.Struct, frozen=True):
    """`asset_id` to bind; or `doubt` to wait on; or neither, then a new entry is made."""

    asset_id: str | None = None
    doubt: str = ""


def decide(mine: Marks, candidates: Mapping[str, Marks], bound: Collection[str]) -> Decision:
    """Choose among the entries that share at least one mark with this computer.

    `bound` are entries whose computer holds a live key.
    """
    if not candidates:
        return Decision()
    if len(candidates) > 1:
        return Decision(doubt=AMBIGUOUS)
    ((asset_id, theirs),) = candidates.items()
    shared = {kind for kind in theirs if set(mine.get(kind, ())) & set(theirs[kind])}
    contradicted = {
        kind
        for kind in STRONG
        if theirs.get(kind) and mine.get(kind) and not set(mine[kind]) & set(theirs[kind])
    }
    if asset_id in bound:
        return Decision(doubt=CLAIMED)
    if contradicted or not (shared & set(STRONG) or _only_macs(mine, theirs)):
        return Decision(doubt=AMBIGUOUS)
    return Decision(asset_id=asset_id)


def _only_macs(mine: Marks, theirs: Marks) -> bool:
    """Neither side has anything better than permanent MACs, and all of the entry's are here."""
    if any(mine.get(kind) or theirs.get(kind) for kind in STRONG):
        return False
    return set(theirs.get("mac", ())) <= set(mine.get("mac", ()))
