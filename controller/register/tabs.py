"""The pages the register consists of, as a second row below the menu.

Whoever adds a page adds its line; everything of the register lives under `/register/`.
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
_TABS: Final = (
    ("register", "What we have", Ability.SEE_COMPUTERS),
    ("places", "Places", Ability.SEE_COMPUTERS),
    ("register_people", "People", Ability.SEE_COMPUTERS),
    ("loans", "Loans", Ability.SEE_COMPUTERS),
    ("counts", "Counts", Ability.SEE_COMPUTERS),
    ("deliveries", "Deliveries", Ability.EDIT_REGISTER),
    ("repairs", "Repairs", Ability.SEE_COMPUTERS),
    ("labels", "Labels", Ability.EDIT_REGISTER),
    ("software", "Software", Ability.SEE_COMPUTERS),
    ("licences", "Licences", Ability.SEE_COMPUTERS),
    ("record_checks", "Checks", Ability.SEE_COMPUTERS),
    ("jobs", "Jobs", Ability.SEE_COMPUTERS),
    (DOUBTS, "Doubts", Ability.EDIT_REGISTER),
    ("programs", "Programs", Ability.MANAGE_TOKENS),
)
"""(address name, label, who may open it), in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One page; `here` when it, or something in it, is what is looked at; `count`: what waits."""

    name: str
    label: str
    here: bool
    count: int = 0


def in_register(request: HttpRequest) -> bool:
    """Whether what is looked at is part of the register."""
    return request.path.startswith(_ROOT)


def tabs(request: HttpRequest, school: School | None, counts: Mapping[str, int]) -> list[Tab]:
    """Those this person may open at the school they look at, with what waits there by address name;
    doubts only while there are any."""
    known = [
        (name, label, reverse(name)) for name, label, may in _TABS if school_allows(school, may)
    ]
    near = max((path for _, _, path in known if request.path.startswith(path)), key=len, default="")
    return [
        Tab(name, label, path == near, counts.get(name, 0))
        for name, label, path in known
        if name != DOUBTS or counts.get(name) or path == near
    ]


def school_allows(school: School | None, ability: Ability) -> bool:
    """Whether they may, there; nobody may anything where no school is."""
    return school is not None and school.allows(ability)
