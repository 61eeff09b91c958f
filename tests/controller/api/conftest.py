"""The schools, the clock and the browsers of the pages' tests."""

import pytest

from controller.people.models import User
from controller.people.roles import Role
from tests.controller.api.programs import Program, let_in
from tests.controller.web import school
from tests.controller.web.conftest import (
    Place,
    controller_keys,
    elsewhere,
    place,
    signed_in,
    standing_clock,
)

__all__ = ["controller_keys", "elsewhere", "place", "signed_in", "standing_clock"]


@pytest.fixture
def admin(place: Place) -> User:
    """May let programs in."""
    return school.make_person(place.site, Role.ADMIN, "ada")


@pytest.fixture
def program(place: Place, admin: User) -> Program:
    """A program that may do everything."""
    return let_in(place, admin)
