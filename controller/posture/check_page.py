"""One check and everything about it: how it stands here, what this school asks, where it is read,
how to put it right, who asks for it; and the list of all checks.

The same is written, with the defaults, into docs/checks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks import explained
from checks.catalogue import catalogue
from checks.explained import Asked, Explained
from checks.policy import PROFILES, InForce, Policy, PolicyError, Profile, Threshold, resolve
from checks.unseen import Unseen
from checks.words import clean
from controller.posture.area_page import CheckLine, area_page
from controller.posture.standings import Standing
from controller.wording.words import Area, words


@dataclass(frozen=True, slots=True)
class SettingHere:
    """One setting in force. `asked_by` empty: nobody here decided, `default` holds.

    `others`: kinds of computer (profile) with another value, and by whose word.
    """

    name: str
    value: str
    default: str
    asked_by: str
    others: list[tuple[str, str, str]]
    bounds: str
    source: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The page of one check."""

    line: CheckLine
    area: Area
    domain: str
    read: dict[str, str]
    remedies: dict[str, str]
    settings: list[SettingHere]
    asked: list[Asked]


@dataclass(frozen=True, slots=True)
class AreaChecks:
    """An area with the checks in it: id, title and how urgent one is that is not kept."""

    domain: str
    area: Area
    checks: list[tuple[str, str, str, str]]


def check_page(standings: Iterable[Standing], policy: Policy, check_id: str) -> CheckPage | None:
    """The page of a check under a policy, or None for one that does not exist."""
    told = _told(check_id, policy)
    page = area_page(standings, told.domain) if told else None
    if told is None or page is None:
        return None
    return CheckPage(
        line=next(line for line in page.checks if line.check == check_id),
        area=page.area,
        domain=page.domain,
        read=told.read,
        remedies=told.remedies,
        settings=list(_settings(told, policy)),
        asked=told.asked,
    )


def all_checks() -> list[AreaChecks]:
    """Every check there is, by area, in the catalogue's order."""
    return [
        AreaChecks(
            domain.name,
            words().area(domain.name),
            [
                (check_id, check.title, check.severity, words().urgency[check.severity])
                for check_id, check in domain.checks.items()
            ],
        )
        for domain in catalogue().domains
        if domain.checks
    ]


def _settings(told: Explained, policy: Policy) -> Iterator[SettingHere]:
    domain = next(one for one in catalogue().domains if one.name == told.domain)
    for threshold, said in zip(domain.thresholds[told.check], told.settings, strict=True):
        base = _in_force(policy, told.check, threshold, [])
        each = {one: _in_force(policy, told.check, threshold, [one]) for one in PROFILES}
        yield SettingHere(
            name=explained.called(threshold.name),
            value=explained.value(base.value, threshold.unit),
            default=said.default,
            asked_by=_who(base),
            others=[
                (profile, explained.value(one.value, threshold.unit), _who(one))
                for profile, one in each.items()
                if one.value != base.value
            ],
            bounds=said.bounds,
            source=said.source,
        )


def _in_force(policy: Policy, check: str, threshold: Threshold, profiles: list[Profile]) -> InForce:
    """A policy that another release wrote may ask what this one cannot use; the page says so."""
    try:
        answer = resolve(policy, check, threshold, profiles)
    except PolicyError:
        return InForce("cannot be used by this release")
    return InForce(threshold.default) if isinstance(answer, Unseen) else answer


def _told(check_id: str, policy: Policy) -> Explained | None:
    try:
        return explained.explain(check_id, policy)
    except PolicyError:
        return explained.explain(check_id)


def _who(one: InForce) -> str:
    return ", ".join(map(clean, one.asked_by))
