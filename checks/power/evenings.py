"""Evenings a computer was left on, from the stretches its agent remembers; the same on every OS.

Only what is certain counts: of a stretch in which the computer also slept, all its waking may have
been by day. A computer that was on but not connected is not noticed. The hours are UTC, in summer
one behind the school's wall: 21:00 to 07:00 there.
"""

from collections.abc import Iterable
from typing import Final

from checks.host import CannotLook, Host, attempt
from checks.online import Stretch
from checks.power.facts import PowerFacts

DAY: Final = 86_400
BEGINS: Final = 20 * 3_600
LASTS: Final = 10 * 3_600
AWAKE_SECONDS: Final = 3_600
"""An evening of work at home, or a look at the round, is no night left on."""
REMEMBERED: Final = 8


def facts(host: Host) -> PowerFacts:
    """What the agent's memory of this computer says."""
    return PowerFacts(
        evenings_on=attempt(_evenings, host), watched_since=attempt(_watched_since, host)
    )


def _watched_since(host: Host) -> int:
    at = host.enrolled_at()
    if at is None:
        raise CannotLook("deferred", "no agent is enrolled here that could remember nights")
    return at


def _evenings(host: Host) -> list[int]:
    return evenings_on(host.online(), host.clock())


def evenings_on(stretches: Iterable[Stretch], now: int) -> list[int]:
    """Days since 1970, of the last eight, in whose night an hour of waking is certain."""
    known = list(stretches)
    last = now // DAY
    return [
        day
        for day in range(last - REMEMBERED + 1, last + 1)
        if sum(_certain(stretch, day * DAY + BEGINS) for stretch in known) >= AWAKE_SECONDS
    ]


def _certain(stretch: Stretch, begins: int) -> int:
    """Seconds awake in the night that begins then, at least."""
    whole = stretch.ends_at - stretch.begins_at
    inside = min(stretch.ends_at, begins + LASTS) - max(stretch.begins_at, begins)
    if inside <= 0:
        return 0
    return max(0, min(stretch.seconds, whole) - (whole - inside))
