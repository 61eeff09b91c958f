"""Every address × every role × somebody from another school: one table, and nothing outside it
(O11).
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from controller.fleet.models import Device, JoinCode
from controller.people.models import User
from controller.people.roles import Role
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.doors import DOORS, Names
from tests.controller.web.doors.door import Door

pytestmark = pytest.mark.looks

OPEN_TO_ALL = {"account_login", "account_logout", "account_inactive", "label"}


def patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Every address there is."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry


def open_door(client: Client, door: Door, place: Place, names: Names | None = None) -> int:
    """Go there and say what the answer was; `names` are the things there are to name."""
    names = Names(place) if names is None else names
    data = {key: value.format_map(names) for key, value in door.data}
    answer = getattr(client, door.method)(door.path.format_map(names), data)
    return int(answer.status_code)


def test_every_address_stands_in_the_table() -> None:
    listed = {str(pattern.name) for pattern in patterns(get_resolver().url_patterns)}
    # Those of programs take a token and no cookie: tests/controller/api has their table.
    assert {name for name in listed if not name.startswith("api_")} == set(DOORS)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_a_door_opens_for_its_roles_and_no_others(
    name: str, place: Place, signed_in: SignedIn
) -> None:
    door, names = DOORS[name], Names(place)
    people = {role: school.make_person(place.site, role) for role in Role}
    for role, user in people.items():
        status = open_door(signed_in(user), door, place, names)
        assert (status in {200, 302}) if role in door.who else (status == 403), role
        if role in door.who and door.method == "post":  # what was done is not there to do again
            names = Names(place)


@pytest.mark.parametrize("name", sorted(name for name in DOORS if DOORS[name].names_a_thing))
def test_another_schools_thing_does_not_exist(
    name: str, place: Place, elsewhere: Place, signed_in: SignedIn
) -> None:
    """Not even for somebody who may do just this at their own school."""
    role = min(DOORS[name].who)
    there = school.make_person(elsewhere.site, role, "from-elsewhere")
    assert open_door(signed_in(there), DOORS[name], place) == 404
    nothing_changed(place)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_naming_another_school_in_the_address_finds_nothing(
    name: str, place: Place, stranger: User, signed_in: SignedIn
) -> None:
    door = DOORS[name]
    if door.method == "get" and name not in OPEN_TO_ALL | {"change_password"}:
        path = f"{door.path}?school={place.site.id}"
        nowhere = 404 if Role.TECHNICIAN in door.who else 403
        assert open_door(signed_in(stranger), Door(path, door.who), place) == nowhere


def test_a_stranger_cannot_let_in_our_computer_by_its_id(
    place: Place, stranger: User, signed_in: SignedIn
) -> None:
    open_door(signed_in(stranger), DOORS["let_in"], place)
    nothing_changed(place)


@pytest.mark.parametrize("path", ["/", "/computers/", "/computers/?school=all", "/computers.csv"])
def test_no_page_or_file_names_another_school_or_its_computers(
    path: str, place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    theirs = school.make_device(elsewhere.site, "THEIRS-ALONE", n_fail=3, worst=4)
    theirs.save()
    answer = signed_in(technician).get(path)
    body = answer.getvalue().decode() if answer.streaming else answer.content.decode()
    assert "THEIRS-ALONE" not in body
    assert elsewhere.site.name not in body


def test_counts_and_searches_leave_another_school_out(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    school.make_device(elsewhere.site, "FRONT-DESK-2", n_fail=1, worst=2).save()
    page = signed_in(technician).get("/computers/?q=FRONT&school=all").context["page"]
    assert [row.name for row in page.rows] == ["FRONT-DESK"]
    assert page.tabs["all"] == 1


@pytest.mark.parametrize("name", sorted(set(DOORS) - OPEN_TO_ALL))
def test_nobody_comes_in_without_signing_in(name: str, place: Place) -> None:
    client = Client()
    path = DOORS[name].path.format_map(Names(place))
    answer = getattr(client, DOORS[name].method)(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_somebody_with_no_school_sees_a_closed_door(db: None, signed_in: SignedIn) -> None:
    user = User.objects.create_user("adrift", school.PASSWORD)
    assert signed_in(user).get("/").status_code == 403


@pytest.mark.parametrize("name", sorted(name for name in DOORS if DOORS[name].method == "post"))
def test_what_changes_something_cannot_be_done_by_a_link(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    if name != "account_logout":  # a GET there only asks
        door = DOORS[name]
        assert open_door(signed_in(technician), Door(door.path, door.who), place) == 405
    nothing_changed(place)


@pytest.mark.parametrize("name", sorted(name for name in DOORS if DOORS[name].method == "post"))
def test_a_form_without_its_token_changes_nothing(
    name: str, place: Place, technician: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(technician)
    assert open_door(client, DOORS[name], place) == 403
    nothing_changed(place)


def nothing_changed(place: Place) -> None:
    """The rows are as they were made."""
    assert Device.objects.get(id=place.waiting.id).state == "pending"
    device = Device.objects.get(id=place.device.id)
    assert (device.profile, device.state) == ("office", "active")
    assert JoinCode.objects.get(id=place.code.id).revoked_at is None
