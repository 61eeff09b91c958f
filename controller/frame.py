"""What every page's frame needs: who is signed in, which school, what they may do, which words.

Trap: error pages are rendered through this too, so nothing here may raise for a request that was
refused.
"""

import functools
from typing import Final

from django.http import Http404, HttpRequest

from controller import clock
from controller.config import current
from controller.data.datafolder import is_demo
from controller.fleet.queries import queries as fleet_queries
from controller.ghosts.queries import queries as ghost_queries
from controller.jobs.queries import queries as jobs_queries
from controller.people.actor import School, actor_of, audience_at, school_of
from controller.people.models import User
from controller.people.roles import Ability
from controller.register.tabs import DOUBTS, in_register, tabs
from controller.wording.words import words

_NOBODY: dict[str, object] = {"timezone": "Europe/London", "audience": "everyone"}


def page(request: HttpRequest) -> dict[str, object]:
    """Template variables for the frame; the least of them when nobody is signed in."""
    common = {**_NOBODY, "now": clock.now(), "words": words(), "demo": _demo()}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return common
    school = _school(request)
    common |= {
        "actor": actor_of(request),
        "school": school,
        "audience": audience_at(school),
    }
    waiting, doubts = _to_decide(request, school)
    common["navigation"] = _navigation(request, school, waiting)
    counts = {DOUBTS: doubts, "jobs": _jobs(request, school), "ghosts": _ghosts(request, school)}
    common["tabs"] = tabs(request, school, counts) if in_register(request) else []
    return common | ({"timezone": school.timezone} if school else {})


@functools.cache
def _demo() -> bool:
    """A data folder is a demonstration for ever or never (O34), so this is asked once."""
    return is_demo(current().folder)


def _school(request: HttpRequest) -> School | None:
    try:
        return school_of(request)
    except Http404:
        return None


def _navigation(
    request: HttpRequest, school: School | None, waiting: int
) -> list[dict[str, object]]:
    """The entries of the menu this person may open; (address name, label, icon, ability)."""
    entries: tuple[tuple[str, str, str, Ability], ...] = (
        ("overview", "Overview", "home", Ability.SEE_OVERVIEW),
        ("computers", "Computers", "device-laptop", Ability.SEE_COMPUTERS),
        ("register", "Register", "id", Ability.SEE_COMPUTERS),
        ("waiting", "Waiting", "door-enter", Ability.LET_IN),
        ("join_codes", "Join codes", "key", Ability.MANAGE_CODES),
        ("policy", "Policy", "file-text", Ability.SEE_OVERVIEW),
        ("evidence", "Evidence", "fingerprint", Ability.SEE_EVIDENCE),
    )
    if school and not school.allows(Ability.SEE_COMPUTERS):
        entries += (_REPORT,)
    match = request.resolver_match
    here = match.url_name if match else ""
    reads_report = here == _REPORT[0] and _REPORT in entries
    in_it = in_register(request) and not reads_report
    section = "register" if in_it else _SECTIONS.get(here or "", here)
    return [
        {
            "name": name,
            "label": label,
            "icon": icon,
            "here": name == section,
            "count": waiting if name == "waiting" else 0,
        }
        for name, label, icon, ability in entries
        if school and school.allows(ability)
    ]


_REPORT: Final = ("disposal_governors", "Disposal", "logout", Ability.SEE_OVERVIEW)
"""For who sees reports only, and none of the register that it stands in for everybody else."""
_SECTIONS = {
    "computer": "computers",
    "area": "overview",
    "check": "overview",
    "checks": "overview",
    "join_code": "join_codes",
}


def _jobs(request: HttpRequest, school: School | None) -> int:
    """What people told by labels and nobody has done."""
    if school is None or not in_register(request):
        return 0
    return jobs_queries(actor_of(request)).open_count(school.id)


def _ghosts(request: HttpRequest, school: School | None) -> int:
    """What is gone, was seen, and nobody has answered."""
    if school is None or not in_register(request):
        return 0
    found = ghost_queries(actor_of(request)).open_counts(school.id)
    return found.sure + found.possible


def _to_decide(request: HttpRequest, school: School | None) -> tuple[int, int]:
    """What waits for this person: computers to let in, and those whose entry is in doubt."""
    if school is None:
        return 0, 0
    lets_in, keeps = school.allows(Ability.LET_IN), school.allows(Ability.EDIT_REGISTER)
    if not lets_in and not (keeps and in_register(request)):
        return 0, 0
    return fleet_queries(actor_of(request)).to_decide(frozenset({school.id}))
