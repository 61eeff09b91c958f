"""How sure it is that something gone is back, and when that is news. Pure.

Missing a stolen laptop is the worst fault; accusing somebody on an indicator is the second worst.
So only one thing is certain: a report signed by the thing's own key, from the hardware it had.
Anybody can claim a serial number, network cards are moved about, and where a computer shows too
few marks, a copy of its disk signs exactly as it does.
"""

from collections.abc import Collection
from typing import Final, Literal, get_args

import msgspec

Way = Literal["key", "join", "report", "drive", "list", "network"]
"""Its own key signed · a computer asks to join and shows its marks · another computer's report does
· its drive is in another computer · a management's list has it in contact · the network saw it."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)
Doubt = Literal["", "weak", "fork", "moved", "later"]
"""Why a signature proves less: too few marks to tell it from a copy · two use its key · other
hardware than it had · the key is younger than the loss."""
DOUBTS: Final[tuple[Doubt, ...]] = get_args(Doubt)
QUIET_SECONDS: Final = 7 * 86_400
"""What was answered and then silent for so long is news when its own key signs again (as with
withdrawn computers, `controller.intake.sightings`)."""
MOST_MARKS: Final = 32

Mark = tuple[str, str]


class Signed(msgspec.Struct, frozen=True):
    """What is known of a report that a key of the entry signed. `same`: from hardware it had before
    it went; `since`: when the key came; `gone_at`: when the thing went."""

    weak: bool
    forked: bool
    same: bool
    since: int
    gone_at: int


class Before(msgspec.Struct, frozen=True):
    """The newest alarm of the same thing, way and witness."""

    sure: bool
    marks: frozenset[Mark]
    last_at: int
    answered: bool


def doubt_of(signed: Signed) -> Doubt:
    """Why a signature is not certainty; "" where it is (O35)."""
    if signed.since > signed.gone_at:
        return "later"
    if signed.forked:
        return "fork"
    if not signed.same:
        return "moved"
    return "weak" if signed.weak else ""


def is_news(before: Before | None, *, sure: bool, marks: Collection[Mark], at: int) -> bool:
    """Whether a sighting opens an alarm, or counts on the one before. What a person has answered
    stays answered until something is new: a sure sign, another mark, or its own key after a week of
    silence."""
    if before is None:
        return True
    if not before.answered:
        return False
    if sure and (not before.sure or at - before.last_at >= QUIET_SECONDS):
        return True
    return not set(marks) <= before.marks
