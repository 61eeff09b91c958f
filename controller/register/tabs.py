"""The pages the register consists of, as rows below the menu: what belongs together, and the pages
of what is looked at.

Whoever adds a page adds its line to a group; everything of the register lives under `/register/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from controller.people.actor import School
from controller.people.roles import Ability

_ROOT: Final = "/register/"
DOUBTS: Final = "register_doubts"
_SEE: Final = Ability.SEE_COMPUTERS
_EDIT: Final = Ability.EDIT_REGISTER
_GROUPS: Final = (
    (
        "What we have",
        (
            ("register", "The list", _SEE),
            ("labels", "Labels", _EDIT),
            ("media", "Approved drives", _SEE),
            ("counts", "Counts", _SEE),
            ("deliveries", "Deliveries", _EDIT),
            ("reinstalls", "Set up anew", Ability.LET_IN),
        ),
    ),
    (
        "Places",
        (("places", "Rooms, sets, trolleys", _SEE), ("rollover", "Move up in September", _EDIT)),
    ),
    (
        "People & loans",
        (
            ("register_people", "People", _SEE),
            ("loans", "Loans", _SEE),
            ("leavers", "Who leaves", _SEE),
            ("conditions", "Conditions", _SEE),
        ),
    ),
    (
        "Jobs & care",
        (
            ("jobs", "Jobs", _SEE),
            ("repairs", "Away for repair", _SEE),
            ("care", "Care", _SEE),
            ("care_kinds", "Kinds of care", _EDIT),
        ),
    ),
    (
        "Disposal",
        (
            ("disposals", "Board", _SEE),
            ("disposal_register", "All disposals", _SEE),
            ("collections", "Collections", _SEE),
            ("differences", "What comes back", _SEE),
            ("contractors", "Companies", _SEE),
            ("contractor_rules", "Papers we ask for", _SEE),
            ("losses", "Lost and stolen", _SEE),
            ("ghosts", "Seen again", _SEE),
            ("disposal_governors", "For governors", Ability.SEE_OVERVIEW),
        ),
    ),
    (
        "Network",
        (
            ("network", "The map", _SEE),
            ("network_things", "Unknown things", _SEE),
            ("network_wireless", "Wireless", _SEE),
            ("network_rounds", "Rounds", _SEE),
            ("survey_rounds", "Who may ask", _SEE),
        ),
    ),
    (
        "Software",
        (
            ("software", "Programs", _SEE),
            ("software_requests", "Requests", _SEE),
            ("software_proposal", "What is proposed", _SEE),
            ("licences", "Licences", _SEE),
        ),
    ),
    (
        "Checks",
        (
            ("record_checks", "Is it true?", _SEE),
            (DOUBTS, "Doubts", _EDIT),
            ("programs", "Other programs", Ability.MANAGE_TOKENS),
        ),
    ),
)
"""(label, its pages: (address name, label, who may open it)), in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page, or a group named after its first; `here` when it, or something in it, is what is
    looked at; `count`: what waits; `inside`: the pages of a group."""

    name: str
    label: str
    here: bool
    count: int = 0
    inside: tuple["Tab", ...] = ()


def in_register(request: HttpRequest) -> bool:
    """Whether what is looked at is part of the register."""
    return request.path.startswith(_ROOT)


def tabs(request: HttpRequest, school: School | None, counts: Mapping[str, int]) -> list[Tab]:
    """The groups this person may open something of at the school they look at, with what waits
    there by address name; doubts only while there are any."""
    paths = {
        name: reverse(name)
        for _, pages in _GROUPS
        for name, _, may in pages
        if school_allows(school, may)
    }
    near = max(
        (path for path in paths.values() if request.path.startswith(path)), key=len, default=""
    )
    groups = []
    for title, pages in _GROUPS:
        inside = tuple(
            Tab(name, label, paths[name] == near, counts.get(name, 0))
            for name, label, _ in pages
            if name in paths and (name != DOUBTS or counts.get(name) or paths[name] == near)
        )
        if inside:
            here, waits = any(tab.here for tab in inside), sum(tab.count for tab in inside)
            groups.append(Tab(inside[0].name, title, here, waits, inside))
    return groups


def school_allows(school: School | None, ability: Ability) -> bool:
    """Whether they may, there; nobody may anything where no school is."""
    return school is not None and school.allows(ability)
