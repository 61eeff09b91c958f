"""What an agent says of itself in a report, beside what it read: what its last round cost, how far
off its clock is, that it leaves (S10, T17, S15), and, of a scanner, what it may ask with.

Each is a drifting section of its own, because a reader of any release may pass over a section that
it does not know. No check reads them; what a newer release adds to one is passed over as well.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, TypeVar

import msgspec
from msgspec import Meta

from wire import canonical, fields, limits
from wire.errors import WireError
from wire.report import NowSection


class Itself(msgspec.Struct, frozen=True, kw_only=True):
    """One such section, by its name."""

    section: ClassVar[str]


T = TypeVar("T", bound=Itself)

SCHEMA: Final = 1


class Cost(Itself, frozen=True, kw_only=True):
    """The round before this report: processor time and the clock's in milliseconds, programs that
    were asked included; `peak_mb` is the memory of the largest of them, 0 if unknown."""

    section: ClassVar[str] = "agent_now"

    cpu_ms: fields.Natural
    wall_ms: fields.Natural
    peak_mb: fields.Natural


class Clock(Itself, frozen=True, kw_only=True):
    """By how much the computer's clock was ahead of the controller's (behind below 0) when the
    newest receipt arrived; left out when by little."""

    section: ClassVar[str] = "clock_now"

    ahead_seconds: Annotated[int, Meta(ge=-limits.LATEST, le=limits.LATEST)]


class Leaving(Itself, frozen=True, kw_only=True):
    """This is the last report under this key: the agent deletes it as soon as it is received.

    `how` is `uninstalled`, or `sealed` when the disk is about to be copied; a word not known to the
    reader means that it left somehow.
    """

    section: ClassVar[str] = "leaving_now"

    how: Annotated[str, Meta(pattern=r"\A[a-z][a-z_]{0,15}\Z", max_length=16)]


class Scanner(Itself, frozen=True, kw_only=True):
    """It holds, or held, a scope: `sealing` is the public half of the X25519 key that secrets for
    it are sealed to, `scope` the envelope it would ask by, "" for none, and `refused` why it did
    not take the last one that a receipt named (`agent.survey.scope.Refused`)."""

    section: ClassVar[str] = "scanner_now"

    sealing: fields.PublicKey
    scope: fields.DigestOrNone
    refused: Annotated[str, Meta(pattern=r"\A[a-z-]{0,32}\Z", max_length=32)] = ""


def say(said: Itself) -> NowSection:
    """The section as it stands in a report."""
    body = canonical.encode(said).decode()
    return NowSection(section=said.section, schema=SCHEMA, body=body)


def heard(now: Sequence[NowSection], kind: type[T]) -> T | None:
    """What a verified report says of this kind; None for nothing, or nothing that we can read."""
    for one in now:
        if one.section == kind.section:
            try:
                return canonical.decode(one.body.encode(), kind, limit=limits.NOW_SECTION)
            except WireError:
                return None
    return None
