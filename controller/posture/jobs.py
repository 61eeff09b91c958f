"""The jobs a school has, worst first: one per check that is not kept, however many computers.

Counted per check and severity, because a fault may be worse on one computer than on another.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from checks.catalogue import catalogue
from controller.fleet.models import Device, PastVerdict, Verdict
from controller.fleet.standings import Result
from controller.posture.standings import SETS, Standing
from controller.wording.shown import shown
from controller.wording.words import Area, count, words

_RANK: Final = {"critical": 0, "high": 1, "medium": 2, "low": 3}


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to put right."""

    check: str
    title: str
    why: str
    area: Area
    severity: str
    urgency: str
    computers: int
    on: str


@dataclass(slots=True)
class _Sum:
    severity: str = "low"
    computers: int = field(default=0)


@dataclass(frozen=True, slots=True)
class SinceYesterday:
    """What changed in a day."""

    new: int
    repaired: int


def jobs(standings: Iterable[Standing]) -> list[Job]:
    """All jobs of the computers that are heard from; a shut trolley is one line elsewhere (S2)."""
    sums: dict[str, _Sum] = {}
    for standing in (one for one in standings if one.fresh):
        for check_id, severity in _failing(standing.results):
            entry = sums.get(check_id)
            if entry is None:
                entry = sums[check_id] = _Sum(severity)
            entry.computers += standing.computers
            if entry.severity != severity:
                entry.severity = min(entry.severity, severity, key=_rank)
    found = [_job(check_id, entry) for check_id, entry in sums.items()]
    return sorted(found, key=lambda job: (_rank(job.severity), -job.computers, job.title))


@functools.lru_cache(SETS)
def _failing(results: tuple[Result, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((check, severity) for check, status, severity in results if status == "fail")


def since_yesterday(sites: Sequence[str], since: int) -> SinceYesterday:
    """New and repaired faults after `since`: two counts over indexed columns.

    A first report is no news: a computer let in after `since` brings its old faults with it.
    """
    fault = Q(site__in=sites, status="fail", device__state="active")
    settled = Q(site__in=sites, device__state="active", device__enrolled_at__lt=since)
    # As text: for a value that comes later SQLite cannot know that the index of faults will do.
    new = Verdict.objects.filter(settled, since__gte=since).extra(
        where=["fleet_verdict.status = 'fail'"]
    )
    # Past verdicts are many and indexed by check and end, so the checks are named.
    known = [check_id for domain in catalogue().domains for check_id in domain.checks]
    ended = Q(check_id__in=known, until__gte=since)
    return SinceYesterday(
        new=new.count(),
        repaired=PastVerdict.objects.filter(fault, ended).count(),
    )


def without_profile(sites: Sequence[str]) -> int:
    """Computers of which nobody has said what they are for (S1)."""
    return Device.objects.filter(site__in=sites, state="active", profile="").count()


def _rank(severity: str) -> int:
    return _RANK.get(severity, len(_RANK))


def _job(check_id: str, entry: _Sum) -> Job:
    check, domain = catalogue().check(check_id), catalogue().domain_of(check_id)
    known = words()
    return Job(
        check=check_id,
        title=check.title if check else shown(check_id),
        why=check.why if check else "",
        area=known.area(domain.name if domain else "other"),
        severity=entry.severity,
        urgency=known.urgency.get(entry.severity, ""),
        computers=entry.computers,
        on=count(entry.computers, "computer", "computers"),
    )
