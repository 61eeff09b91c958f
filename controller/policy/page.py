"""What the policy page shows: what is in force and what was, for whoever may see the overview."""

from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpRequest

from controller.fleet.models import Device
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.policy.standing import Standing, Version, standing, versions

EARLIER = 12
"""Versions that a page tells of; the command lists more."""


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    now: Standing
    earlier: list[Version]
    judged: int
    """Computers that have reported."""
    following: int
    """Those of them that judge themselves by what is in force, too."""


def site_asked(request: HttpRequest) -> str:
    """The school whose policy this person wants and may see. Raises Http404."""
    school = school_of(request)
    if school is None or school.id not in actor_of(request).sites(Ability.SEE_OVERVIEW):
        raise Http404
    return school.id


def page(site: str, at: int, data: Path) -> Page:
    """Read it."""
    judged = Device.objects.filter(site_id=site, state="active", judged_at__isnull=False)
    return Page(
        now=standing(site, data, at),
        earlier=versions(site, EARLIER + 1)[1:],
        judged=judged.count(),
        following=judged.filter(ruled__in=("", "expired")).count(),
    )
