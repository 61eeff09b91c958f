"""The judge of power: a computer is not left on night after night."""

import datetime
from typing import Final

from checks.judging import Device, Judge, Moment, Settings, judge
from checks.power.evenings import BEGINS, DAY
from checks.power.facts import PowerFacts
from checks.unseen import BlindError, known
from checks.verdicts import Finding, passed, warned

EPOCH: Final = datetime.date(1970, 1, 1)
SCHOOL_NIGHTS: Final = 5
_SATURDAY: Final = 5


class PowerSettings(Settings, frozen=True):
    """How many of the last five school nights a computer may stay on."""

    nights: int


@judge("power-off-overnight")
def off(power: PowerFacts, settings: PowerSettings, device: Device, moment: Moment) -> Finding:
    """A server may be on; somebody has to say that it is one."""
    nights = school_nights(moment.today)
    left_on = nights.intersection(known(power.evenings_on))
    if len(left_on) > settings.nights:
        device.purpose()
        return warned("left-on", count=len(left_on))
    since = known(power.watched_since)
    unwatched = {night for night in nights if night * DAY + BEGINS < since}
    if len(left_on | unwatched) > settings.nights:
        raise BlindError("deferred", says="watched-too-shortly")
    return passed("off")


def school_nights(today: datetime.date) -> set[int]:
    """The last five evenings before a weekday's end, as days since 1970; tonight is not over."""
    days = (today - datetime.timedelta(days=back) for back in range(1, 8))
    nights = [(day - EPOCH).days for day in days if day.weekday() < _SATURDAY]
    return set(nights[:SCHOOL_NIGHTS])


JUDGES: tuple[Judge, ...] = (off,)
