"""One area of checks: what is asked, why, and on how many computers it is kept.

Counted like the overview, from the computers that are heard from; the rest could not be checked.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from checks.catalogue import catalogue
from controller.posture.standings import Standing
from controller.wording.bars import Segment, bar
from controller.wording.words import Area, words


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
    why_not: str
    """Why it concerns none, where most computers that were asked give one and the same reason."""


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


def area_page(standings: Iterable[Standing], domain_name: str) -> AreaPage | None:
    """The page of a domain, or None for one that does not exist."""
    domain = next((d for d in catalogue().domains if d.name == domain_name), None)
    if domain is None:
        return None
    counts = {check: dict.fromkeys([*_NAMES.values(), "unchecked"], 0) for check in domain.checks}
    for standing in standings:
        for check, status, _severity in standing.results:
            if check in counts:
                counts[check][_name(status, standing.fresh)] += standing.computers
    lines = [_line(check, counts[check]) for check in domain.checks]
    return AreaPage(domain.name, words().area(domain.name), lines)


def _name(status: str, fresh: bool) -> str:
    name = _NAMES.get(status, "unchecked")
    return name if fresh or name == "not_applicable" else "unchecked"


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
        why_not="",
        **numbers,
    )
