"""Judge of licences: no more computers than seats, none past its day, none without a record."""

import datetime
from collections.abc import Iterable
from typing import Final

from checks.judging import Judge, Moment, Settings, judge
from checks.records.licences.facts import Group, LicenceFacts
from checks.verdicts import Finding, failed, not_applicable, passed, warned

NAMED: Final = 3
"""Titles named in a sentence; the rest are counted."""
DAY: Final = 86_400


class LicenceSettings(Settings, frozen=True):
    """`warn_seconds`: from this long before its last day on, a licence is to be renewed."""

    warn_seconds: int


def over(group: Group) -> bool:
    """More have it than may."""
    return (group.seats is not None and group.installs > group.seats) or group.users_over > 0


def expired(group: Group) -> bool:
    """It is used, and what would allow that is past its day. One that ended and was bought again
    is not: then what holds now is counted."""
    return group.expired > 0 and group.installs > 0 and group.seats == 0


def unrecorded(group: Group) -> bool:
    """It is used and nobody entered a licence."""
    return group.recorded == 0 and group.installs > 0


@judge("software-licensed")
def licensed(licences: LicenceFacts, settings: LicenceSettings, moment: Moment) -> Finding:
    """Every program that is bought is on no more computers than it may be."""
    groups = licences.groups
    if not groups:
        return not_applicable("none")
    if late := [one for one in groups if expired(one)]:
        return failed("expired", titles=_named(late), count=len(late))
    if many := [one for one in groups if over(one)]:
        return failed("over", titles=_named(many), count=len(many))
    if bare := [one for one in groups if unrecorded(one)]:
        return warned("no-record", titles=_named(bare), count=len(bare))
    if soon := [one for one in groups if _soon(one, settings.warn_seconds, moment.today)]:
        return warned("ends-soon", titles=_named(soon), count=len(soon))
    return passed("licensed", count=len(groups))


def _soon(group: Group, warn_seconds: int, today: datetime.date) -> bool:
    if not group.expires_on:
        return False
    left = (datetime.date.fromisoformat(group.expires_on) - today).days
    return left * DAY <= warn_seconds


def _named(groups: Iterable[Group]) -> str:
    """A few titles, each cut so that the sentence keeps the number of those it does not name."""
    distinct = sorted({one.title for one in groups}, key=str.casefold)
    more = f" and {len(distinct) - NAMED} more" if len(distinct) > NAMED else ""
    return ", ".join(title[:24] for title in distinct[:NAMED]) + more


JUDGES: tuple[Judge, ...] = (licensed,)
