"""What a reader made of a certificate's file, as the lines of a certificate (I9). Pure.

The reader says what the file says; where it leaves open how or how well a drive was wiped, what
the person said of the whole certificate counts. A line that the reader has a doubt about is not
done: somebody types it, or asks the company.
"""

import datetime
from collections.abc import Iterable
from typing import Final

import msgspec

from inventory.collections.certificates import TECHNIQUES, Line
from inventory.collections.typed import LONGEST, MOST_LINES, certified
from inventory.disposal.proof.claims import Claim
from inventory.disposal.states import LEVELS

_SAYS_SO: Final = frozenset({"certificate"})
"""Problems that only say that a person has to compare it, which two people do here."""


def lines(claims: Iterable[Claim], whole: Line) -> tuple[Line, ...]:
    """A line for each claim; `whole` is what the person said of all of them."""
    return tuple(_line(claim, whole) for claim in list(claims)[: MOST_LINES + 1])


def typed(text: str, whole: Line) -> tuple[Line, ...]:
    """A line for each drive that somebody typed; `whole` likewise. Raises RegisterError."""
    return tuple(
        msgspec.structs.replace(
            whole,
            serial=one.serial,
            tag=one.tag,
            level="destroy" if one.destroyed else whole.level,
            done=one.done,
        )
        for one in certified(text)
    )


def _line(claim: Claim, whole: Line) -> Line:
    doubts = [one for one in claim.problems if one.code not in _SAYS_SO]
    return Line(
        serial=claim.serial[:LONGEST],
        level=claim.level if claim.level in LEVELS else whole.level,
        technique=claim.technique if claim.technique in TECHNIQUES else whole.technique,
        method=claim.method,
        tool=" ".join(filter(None, (claim.tool, claim.tool_version))) or whole.tool,
        done=claim.result == "erased" and not doubts,
        day=_day(claim.finished) or whole.day,
    )


def _day(text: str) -> str:
    """`2026-11-24`, or "" where the file does not say."""
    try:
        return datetime.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
