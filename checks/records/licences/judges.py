"""Judge of licences: no more computers than seats, none past its day, none without a record."""

import datetime
from collections.abc import Iterable
from typing import Final

from checks.judging import Judge, Moment, Settings, judge
from checks.records.licences.facts import Entitlement, Group, LicenceFacts
from checks.verdicts import Finding, failed, not_applicable, passed, warned

NAMED: Final = 3
"""Titles named in a sentence; the rest are counted."""
DAY: Final = 86_400


class LicenceSettings(Settings, frozen=True):
    """`warn_seconds`: from this long before its last day on, a licence is to be renewed."""

    warn_seconds: int


def holding(group: Group, today: datetime.date) -> list[Entitlement]:
    """The licences whose last day is not past."""
    return [one for one in group.licences if not one.expires_on or _left(one, today) >= 0]


def over(group: Group, today: datetime.date) -> bool:
    """More have it than may. Where one licence is for people or for the whole school, computers are
    not counted against the others."""
    hold = holding(group, today)
    users = [one for one in hold if one.counts == "user"]
    if any((one.given or 0) > (one.seats or 0) for one in users):
        return True
    seats = [one.seats or 0 for one in hold if one.counts == "computer"]
    return len(seats) == len(hold) > 0 and group.installs > sum(seats)


def expired(group: Group, today: datetime.date) -> bool:
    """It is used, and everything that allowed it is past its day. What ended and was bought again
    is not: then what holds now is counted."""
    return bool(group.licences) and group.installs > 0 and not holding(group, today)


def unrecorded(group: Group) -> bool:
    """It is used and nobody entered a licence."""
    return not group.licences and group.installs > 0


@judge("software-licensed")
def licensed(licences: LicenceFacts, settings: LicenceSettings, moment: Moment) -> Finding:
    """Every program that is bought is on no more computers than it may be."""
    groups = licences.groups
    if not groups:
        return not_applicable("none")
    if late := [one for one in groups if expired(one, moment.today)]:
        return failed("expired", titles=_named(late), count=len(late))
    if many := [one for one in groups if over(one, moment.today)]:
        return failed("over", titles=_named(many), count=len(many))
    if bare := [one for one in groups if unrecorded(one)]:
        return warned("no-record", titles=_named(bare), count=len(bare))
    if soon := [one for one in groups if _soon(one, settings.warn_seconds, moment.today)]:
        return warned("ends-soon", titles=_named(soon), count=len(soon))
    return passed("licensed", count=len(groups))


def _soon(group: Group, warn_seconds: int, today: datetime.date) -> bool:
    dated = [one for one in holding(group, today) if one.expires_on]
    return any(_left(one, today) * DAY <= warn_seconds for one in dated)


def _left(one: Entitlement, today: datetime.date) -> int:
    """Days until its last one; negative once that is past."""
    return (datetime.date.fromisoformat(one.expires_on) - today).days


def _named(groups: Iterable[Group]) -> str:
    """A few titles, each cut so that the sentence keeps the number of those it does not name."""
    distinct = sorted({one.title for one in groups}, key=str.casefold)
    more = f" and {len(distinct) - NAMED} more" if len(distinct) > NAMED else ""
    return ", ".join(title[:24] for title in distinct[:NAMED]) + more


JUDGES: tuple[Judge, ...] = (licensed,)
