"""A result that a person types, because no reader here understands its paper or there is none.

It is never taken by itself: somebody else confirms it (I2), with the paper and the reason before
them.
"""

from typing import Final

from checks.words import clean
from inventory.assets.errors import RegisterError
from inventory.disposal import serials
from inventory.disposal.proof.claims import Claim, Problem

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500


def by_hand(claim: Claim, reason: str) -> Claim:
    """A typed claim with its reason. Raises RegisterError with what is missing."""
    plain = clean(reason, LONGEST_REASON).strip()
    if len(plain) < SHORTEST_REASON:
        raise RegisterError(
            "no_reason",
            "Say why this is entered by hand: what the paper is, and who saw the drive.",
            "reason",
        )
    if not serials.key(claim.serial):
        raise RegisterError(
            "no_serial", "Type the serial number on the drive's own label.", "serial"
        )
    return Claim(
        source="manual",
        serial=claim.serial,
        model=claim.model,
        size_bytes=claim.size_bytes,
        method=claim.method,
        technique=claim.technique,
        level=claim.level,
        tool=claim.tool,
        tool_version=claim.tool_version,
        passes=claim.passes,
        verified=claim.verified,
        started=claim.started,
        finished=claim.finished,
        result=claim.result,
        hidden=claim.hidden,
        line=plain,
        problems=[Problem("by_hand", 0, plain)],
    )
