"""The jobs a school has, worst first: one per check that is not kept, however many computers.

Counted per check and severity, because a fault may be worse on one computer than on another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from checks.catalogue import catalogue
from controller.fleet.models import Device, PastVerdict, Verdict
from controller.posture.standings import Standing
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
        for check_id, status, severity in standing.results:
            if status == "fail":
                entry = sums.setdefault(check_id, _Sum(severity))
                entry.computers += standing.computers
                entry.severity = min(entry.severity, severity, key=_rank)
    found = [_job(check_id, entry) for check_id, entry in sums.items()]
    return sorted(found, key=lambda job: (_rank(job.severity), -job.computers, job.title))


def since_yesterday(sites: Sequence[str], since: int) -> SinceYesterday:
    """New and repaired faults after `since`: two counts over indexed columns.

    A first report is no news: a computer let in after `since` brings its old faults with it.
    """
    fault = Q(site__in=sites, status="fail", device__state="active")
    settled = Q(since__gte=since, device__enrolled_at__lt=since)
    # Past verdicts are many and indexed by check and end, so the checks are named.
    known = [check_id for domain in catalogue().domains for check_id in domain.checks]
    ended = Q(check_id__in=known, until__gte=since)
    return SinceYesterday(
        new=Verdict.objects.filter(fault, settled).count(),
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
