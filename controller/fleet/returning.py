"""Whether a computer that waits is one that was set up anew, or has to be looked at by itself
(S23, O31). Pure, so that every awkward case is a line in a test.

Only the same hardware comes back in a group: serial number and board UUID both usable, both the
entry's, and nobody else's. Whoever knows a serial number can claim it; so whatever does not fit
waits by itself with the doubt named.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from inventory.identity.foreseeing import Foreseen

NEEDED: Final = ("serial", "uuid")
TWICE: Final = (
    "Another computer that waits shows the same marks. At most one of them can be it: compare the"
    " serial number with the label under it."
)
SEVERAL: Final = (
    "More than one entry of the register has its marks, or some of them do not agree with the"
    " entry’s. A board UUID may be copied from another computer."
)
ONE_MARK: Final = (
    "A computer of the register is expected back, but this one does not show both its serial number"
    " and its board UUID. It may be another computer that claims to be it."
)
ALIVE: Final = (
    "The computer it claims to be reported with its old key after it was expected. So that one is"
    " not set up anew yet, or this is another computer. Look at both."
)
NOBODY: Final = "No computer reports as the entry any more, so it takes nobody’s place."
MORE: Final = "More than one computer reports as the entry it claims to be."
FORKED: Final = "It is not said yet whether the computer it claims to be is one or two."
COPIED: Final = "It holds the key of a computer that is here, so its disk was copied or kept."


class Old(msgspec.Struct, frozen=True):
    """A computer that reports as the entry."""

    id: str
    last_seen_at: int | None
    forked: bool


def doubts(
    seen: Foreseen, entry: str, *, olds: Sequence[Old], since: int, contested: bool, copied: bool
) -> tuple[str, ...]:
    """Why it does not come back with the others; nothing where it may. `since`: when it was said
    that the entry is expected; `copied`: the key of another computer vouches for it."""
    found = {
        TWICE: contested,
        SEVERAL: len(seen.near) != 1 or (seen.asset_id != entry and _both(seen)),
        ONE_MARK: len(seen.near) == 1 and not _both(seen),
        ALIVE: any((old.last_seen_at or 0) >= since for old in olds),
        FORKED: any(old.forked for old in olds),
        NOBODY: not olds,
        MORE: len(olds) > 1,
        COPIED: copied,
    }
    return tuple(sentence for sentence, so in found.items() if so)


def _both(seen: Foreseen) -> bool:
    """Whether all it shows of both marks, and at least one of each, is the entry's."""
    mine: Mapping[str, object] = seen.mine
    return all(
        mine.get(kind) and set(seen.mine[kind]) <= set(seen.theirs.get(kind, ())) for kind in NEEDED
    )
