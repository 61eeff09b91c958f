"""When an account was last used, as a band that does not change because somebody signed in today.

Readers on every platform bring the moments; what the bands mean is decided here.
"""

from typing import Final

from checks.accounts.facts import Used
from checks.unseen import Maybe

WEEK_SECONDS: Final = 7 * 86_400
MONTH_SECONDS: Final = 30 * 86_400
"""Bands of last use. A limit that a school may set lies beyond the month, so a band never hides on
which side of it an account is."""

Use = tuple[Maybe[Used], Maybe[int | None]]
"""The fields `used` and `since` of an account."""


def use(seen: int, last: int | None, made: int | None = None) -> Use:
    """The band of a last use at `last` (None: no trace of any), looked at `seen`.

    `made`: when its password was set, the longest an account without a trace was waiting. A moment
    in the future (a clock put right, a file of somebody who plays) counts as now.
    """
    if last is None:
        return "never", made
    age = seen - last
    if age <= WEEK_SECONDS:
        return "week", None
    if age <= MONTH_SECONDS:
        return "month", None
    return "before", last
