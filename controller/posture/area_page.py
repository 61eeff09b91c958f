"""One area of checks: what is asked, why, and on how many computers it is kept.

The counts are kept with the verdicts (`Tally`), so this page costs the same in any school.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.catalogue import catalogue
from controller.fleet.models import Tally
from controller.posture.overview import Segment, bar
from controller.wording import Area, words


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check and how it stands."""

    check: str
    title: str
    why: str
    urgency: str
    severity: str
    segments: list[Segment]
    attention: int
    look: int
    unchecked: int
    kept: int
    not_applicable: int


@dataclass(frozen=True, slots=True)
class AreaPage:
    """The area and its checks in the catalogue's order."""

    domain: str
    area: Area
    checks: list[CheckLine]


_NAMES = {
    "pass": "kept",
    "warn": "look",
    "fail": "attention",
    "not-applicable": "not_applicable",
}


def area_page(sites: Sequence[str], domain_name: str) -> AreaPage | None:
    """The page of a domain, or None for one that does not exist."""
    domain = next((d for d in catalogue().domains if d.name == domain_name), None)
    if domain is None:
        return None
    counts = {check: dict.fromkeys([*_NAMES.values(), "unchecked"], 0) for check in domain.checks}
    rows = Tally.objects.filter(site__in=sites, check_id__in=list(domain.checks))
    for check, status, number in rows.values_list("check_id", "status", "n"):
        counts[check][_NAMES.get(status, "unchecked")] += max(0, number)
    lines = [_line(check, counts[check]) for check in domain.checks]
    return AreaPage(domain.name, words().area(domain.name), lines)


def _line(check_id: str, numbers: dict[str, int]) -> CheckLine:
    check = catalogue().check(check_id)
    if check is None:
        raise LookupError(check_id)
    shown = ("kept", "unchecked", "look", "attention")
    return CheckLine(
        check=check_id,
        title=check.title,
        why=check.why,
        severity=check.severity,
        urgency=words().urgency[check.severity],
        segments=bar({name: numbers[name] for name in shown}),
        **numbers,
    )
