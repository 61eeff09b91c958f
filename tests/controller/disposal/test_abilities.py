"""A step asks for the same ability by its page, in what the pages offer, and as a command."""

import pytest

from controller.commands.disposal_steps import VERBS
from controller.disposal.board import Viewer
from controller.disposal.kinds import KINDS
from controller.disposal.queries import viewer
from controller.disposal.steps import _WHO
from controller.people.actor import Actor, School
from controller.people.roles import ABILITIES, Role

CALLED = {
    "appear": "drive-appeared",
    "miss": "drive-missing",
    "retain": "retained",
    "sanitise": "wiped",
    "verify": "read-back",
    "validate": "accept",
    "fail": "drive-failed",
    "destroy": "destroyed",
}
"""What a step is called as a command, where that is not its own name."""


def reading(role: Role) -> Viewer:
    """Somebody who is this at the school and nothing else."""
    school = School("site_1", "Hill School", "Europe/London", frozenset({role}))
    return viewer(Actor("user_1", "Anna", (school,)), school)


def lets_in(step: str) -> set[Role]:
    """Who may open its form."""
    return {role for role in Role if ABILITIES[role] & set(KINDS[step].abilities)}


@pytest.mark.parametrize("step", sorted(KINDS))
def test_a_page_and_its_command_ask_for_the_same_ability(step: str) -> None:
    verb = VERBS[CALLED.get(step, step.replace("_", "-"))]
    assert set(KINDS[step].abilities) == set(verb.abilities)


@pytest.mark.parametrize("step", sorted(_WHO))
def test_a_step_is_offered_to_exactly_those_whom_its_form_lets_in(step: str) -> None:
    assert {role for role in Role if _WHO[step][1](reading(role))} == lets_in(step)


def test_whoever_leads_safeguarding_stops_and_lets_go_and_a_technician_does_not() -> None:
    for step in ("hold", "release_hold"):
        assert Role.DSL in lets_in(step), step
        assert Role.TECHNICIAN not in lets_in(step), step
