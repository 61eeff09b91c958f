"""How long a computer was on and connected since some moment: stretches and their sum (S3).

A freshness check blames a computer only once it had its chance, and a laptop has its chance in
lessons of 45 minutes, over many starts. Nobody may add hours that were not seen, so a sum here is
always the least it can be.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

LONGEST_NEED_SECONDS: Final = 24 * 3_600
"""No check may ask for more than this (`max` of `online_seconds` in its `checks.toml`), so nobody
needs to remember more."""

REMEMBERED_SECONDS: Final = 60 * 86_400
"""Nor for longer ago than this: what was fetched is older than any limit by then."""


class Stretch(msgspec.Struct, frozen=True):
    """From one look to the next, the computer on and connected at both.

    Times are epoch seconds UTC. `seconds` is how many of them it was awake, at most all; when it
    slept in between, nobody knows.
    """

    begins_at: int
    ends_at: int
    seconds: int


def since(stretches: Iterable[Stretch], due: int, seen: int) -> int:
    """Seconds that were surely spent on and connected between `due` and `seen`, never negative.

    Of a stretch that began before `due`, all its waking may have come first.
    """
    total = 0
    for stretch in stretches:
        awake = min(stretch.seconds, stretch.ends_at - stretch.begins_at)
        total += max(0, awake - max(0, due - stretch.begins_at))
    return max(0, min(total, seen - due))
