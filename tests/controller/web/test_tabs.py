"""The two rows of pages on every page of the register: groups, and what is in the one looked at."""

import pytest

from controller.people.models import User
from controller.people.roles import Role
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

pytestmark = pytest.mark.looks

LONGEST_ROW = 80
"""Letters of all groups together, so that they fit two lines of a phone."""


def test_whoever_may_everything_sees_groups_that_fit_two_lines_of_a_phone(
    place: Place, signed_in: SignedIn
) -> None:
    admin = school.make_person(place.site, Role.ADMIN)
    labels = [tab.label for tab in signed_in(admin).get("/register/").context["tabs"]]
    assert labels[0] == "What we have"
    assert len(labels) == len(set(labels)) <= 8
    assert sum(map(len, labels)) <= LONGEST_ROW


@pytest.mark.parametrize(
    ("path", "group", "page"),
    [
        ("/register/", "What we have", "register"),
        ("/register/new/", "What we have", "register"),
        ("/register/rollover/", "Places", "rollover"),
        ("/register/people/", "People & loans", "register_people"),
        ("/register/people/leavers/", "People & loans", "leavers"),
        ("/register/loans/give/", "People & loans", "loans"),
        ("/register/loans/conditions/new/", "People & loans", "conditions"),
        ("/register/software/requests/new/", "Software", "software_requests"),
        ("/register/licences/", "Software", "licences"),
        ("/register/checks/", "Checks", "record_checks"),
    ],
)
def test_a_page_marks_its_group_and_itself_and_no_other(
    technician: User, signed_in: SignedIn, path: str, group: str, page: str
) -> None:
    groups = signed_in(technician).get(path).context["tabs"]
    (here,) = [one for one in groups if one.here]
    assert (here.label, [tab.name for tab in here.inside if tab.here]) == (group, [page])


def test_a_group_opens_its_first_page_that_this_person_may_open(
    place: Place, signed_in: SignedIn
) -> None:
    client = signed_in(school.make_person(place.site, Role.SLT))
    for group in client.get("/register/").context["tabs"]:
        assert group.inside[0].name == group.name
        assert group.label != "Deliveries"
    assert "Move up in September" not in client.get("/register/places/").content.decode()
