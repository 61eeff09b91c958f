"""Whether a computer's clock is wrong, from reports and not from one (T17).

A report says when it was made by the computer's clock, and may arrive days later: what is known is
only that it was made before it was received, after its computer joined, and after the newest line
of the evidence log that it has seen was written. A clock that puts it outside of that is wrong by
at least the difference. An agent tells besides how far off it saw its clock when a receipt arrived,
and of its own clock nobody knows better. One report accuses nobody: a flat battery is put right by
the network within minutes of switching on.
"""

import calendar
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LIMIT_SECONDS: Final = 300
"""A clock further off is said (T17)."""
LASTING_SECONDS: Final = 3_600
"""So far apart two reports in a row must have arrived."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One report: when it was received by our clock and made by its own, and a moment it cannot be
    older than (0: none is known). Epoch seconds."""

    received_at: int
    created_at: int
    after: int = 0
    told: int | None = None
    """How far ahead its computer saw the clock when it last got a receipt; None: it does not say.
    """

    @property
    def off(self) -> int:
        """Seconds the clock was off, at least: ahead above 0, behind below; 0: it may be right."""
        if self.told is not None:
            return self.told
        ahead, behind = self.created_at - self.received_at, self.created_at - self.after
        return max(ahead, 0) or (min(behind, 0) if self.after else 0)


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A clock that is off by `seconds`, one way or the other, since `since`; `at_least` so much
    when it was worked out and not told."""

    seconds: int
    ahead: bool
    since: int
    at_least: bool


def judge(samples: Sequence[Sample]) -> WrongClock | None:
    """What the newest reports of a computer, newest first, say of its clock."""
    wrong: list[Sample] = []
    for sample in samples:
        if abs(sample.off) <= LIMIT_SECONDS or (wrong and sample.off * wrong[0].off < 0):
            break
        wrong.append(sample)
    if not wrong or wrong[0].received_at - wrong[-1].received_at < LASTING_SECONDS:
        return None
    newest = wrong[0]
    since, worked_out = wrong[-1].received_at, newest.told is None
    return WrongClock(abs(newest.off), newest.off > 0, since, worked_out)


def written_at(line: str) -> int:
    """When a line of the log was written; 0 for what is no line."""
    parts = line.split(" ", 2)
    try:
        return calendar.timegm(time.strptime(parts[1], "%Y-%m-%dT%H:%M:%SZ"))
    except (IndexError, ValueError):
        return 0
