"""What a computer is for follows who has it and where it stands, nearest first (S1)."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from controller.fleet import entries
from controller.fleet import services as fleet
from controller.fleet.models import Device
from controller.fleet.purposes import derive, follow, follow_all
from controller.people.models import User
from inventory.allocation import people
from inventory.allocation.handovers import give, undo
from inventory.allocation.purposes import Said
from inventory.allocation.services import Terms, take_back
from inventory.assets import services
from inventory.assets.writing import By
from inventory.ledger.models import Event
from inventory.places.services import add_pool, add_room, change_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

BY = By("user_1", school.NOW)

SAID = {
    "nobody says anything": (("", Said(), ""), ("", "")),
    "its code": (("", Said(), "pupil"), ("pupil", "join_code")),
    "its room before its code": (("", Said(room="board"), "pupil"), ("board", "room")),
    "its set before its room": (("", Said(pool="loan", room="board"), ""), ("loan", "pool")),
    "who has it before its set": (("", Said("staff", "loan", "board"), ""), ("staff", "holder")),
    "a hand before everything": (
        ("server", Said("staff", "loan", "board"), "pupil"),
        ("server", "person"),
    ),
    "a word of a later release is nothing": (("robot", Said(room="kiosk"), ""), ("kiosk", "room")),
}


@pytest.mark.parametrize("name", sorted(SAID))
def test_the_nearest_word_counts(name: str) -> None:
    (hand, said, code), (profile, source) = SAID[name]
    found = derive(hand, said, code)
    assert (found.profile, found.source) == (profile, source)


def test_whoever_says_nothing_changes_nothing_for_those_further_off() -> None:
    for hand, person, pool, room, code in product(("", "staff"), repeat=5):
        answer = derive(hand, Said(person, pool, room, goes_home=True), code)
        said = [hand, person, pool, room, code]
        assert answer.goes_home
        assert (answer.profile == "staff") == any(said)
        if any(said):
            sources = ["person", "holder", "pool", "room", "join_code"]
            assert answer.source == sources[said.index("staff")]


def laptop(place: Place, **values: object) -> tuple[str, Device]:
    asset = services.add(place.site.id, {"kind": "laptop", **values}, by=BY)
    device = school.make_device(place.site, "L", asset_id=asset, salt=asset)
    device.save()
    return asset, device


def now(device: Device) -> tuple[str, str, bool]:
    device.refresh_from_db()
    return device.profile, device.profile_source, device.goes_home


def test_a_computer_follows_its_entry_and_is_judged_again(
    place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    site = place.site.id
    asset, device = laptop(place)
    room = add_room(site, "Oak", by=BY, profile="pupil")
    teacher = people.add_person(site, "Maya", "staff", by=BY, profile="staff")
    steps = (
        (lambda: services.change(site, asset, {"room": room}, by=BY), ("pupil", "room", False)),
        (
            lambda: give(site, [asset], teacher, by=BY, terms=Terms(goes_home=True)),
            ("staff", "holder", True),
        ),
        (lambda: take_back(site, [asset], by=BY), ("pupil", "room", False)),
        (lambda: change_room(site, room, by=BY, profile="office"), ("office", "room", False)),
        (
            lambda: services.add_many(site, [{"tag": "unrelated"}], by=BY),
            ("office", "room", False),
        ),
    )
    turn = device.judge_turn
    for step, expected in steps:
        before = now(device)
        with django_capture_on_commit_callbacks(execute=True):
            step()
        assert now(device) == expected
        assert device.judge_turn == turn + (before != expected)
        assert device.judge_due
        turn = device.judge_turn
    assert Event.objects.filter(verb="device.profile", subject=device.id).count() == 4


def test_its_page_says_where_that_comes_from(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    site = place.site.id
    asset, device = laptop(place)
    teacher = people.add_person(site, "Maya", "staff", by=BY, profile="staff")
    give(site, [asset], teacher, by=BY, terms=Terms(goes_home=True))
    follow(site, [asset], actor="user_1", at=school.NOW)
    body = signed_in(technician).get(f"/computers/{device.id}/").content.decode()
    assert "from the person who has it; it goes home" in body


def test_by_hand_it_stays_until_the_hand_lets_go(
    place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    site = place.site.id
    room = add_room(site, "Oak", by=BY, profile="pupil")
    asset, device = laptop(place)
    fleet.set_profile(device.id, "kiosk", actor="user_1", at=school.NOW)
    with django_capture_on_commit_callbacks(execute=True):
        services.change(site, asset, {"room": room}, by=BY)
    assert now(device) == ("kiosk", "person", False)
    fleet.set_profile(device.id, "", actor="user_1", at=school.NOW)
    assert now(device) == ("pupil", "room", False)


def test_what_is_kept_in_a_trolley_follows_the_trolley(
    place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    site = place.site.id
    trolley = services.add(site, {"kind": "trolley"}, by=BY)
    _, device = laptop(place, parent=trolley)
    pool = add_pool(site, "Year 4", by=BY, profile="pupil")
    teacher = people.add_person(site, "Maya", "staff", by=BY)
    with django_capture_on_commit_callbacks(execute=True):
        services.change(site, trolley, {"pool": pool}, by=BY)
        trip = give(site, [trolley], teacher, by=BY, terms=Terms(goes_home=True))
    assert now(device) == ("pupil", "pool", True)
    with django_capture_on_commit_callbacks(execute=True):
        undo(site, trip, by=BY)
    assert now(device) == ("pupil", "pool", False)


def test_a_computer_whose_entry_was_another_one_follows_that(
    place: Place, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    site = place.site.id
    room = add_room(site, "Oak", by=BY, profile="board")
    stays, (goes, device) = services.add(site, {"room": room}, by=BY), laptop(place)
    with django_capture_on_commit_callbacks(execute=True):
        entries.merge(site, stays, goes, by=BY)
    assert now(device) == ("board", "room", False)
    with django_capture_on_commit_callbacks(execute=True):
        entries.part(site, goes, by=BY)
    assert now(device) == ("", "", False)


def test_the_night_catches_up_with_what_a_crash_left_behind(place: Place) -> None:
    site = place.site.id
    asset, device = laptop(place)
    services.change(site, asset, {"room": add_room(site, "Oak", by=BY, profile="board")}, by=BY)
    assert now(device)[0] == ""
    assert follow_all(site, at=school.NOW) == 1
    assert now(device) == ("board", "room", False)
    assert follow_all(site, at=school.NOW) == 0


def test_another_schools_computers_never_follow(place: Place, elsewhere: Place) -> None:
    asset, device = laptop(elsewhere)
    room = add_room(elsewhere.site.id, "Oak", by=BY, profile="board")
    services.change(elsewhere.site.id, asset, {"room": room}, by=BY)
    assert follow(place.site.id, [asset, room], actor="user_1", at=school.NOW) == 0
    assert now(device) == ("", "", False)


def test_following_a_room_asks_as_often_for_sixty_computers_as_for_two(place: Place) -> None:
    site, counted = place.site.id, []
    room = add_room(site, "Oak", by=BY)
    for number in (2, 60):
        for _ in range(number):
            laptop(place, room=room)
        with CaptureQueriesContext(connection) as caught:
            follow(site, [room], actor="user_1", at=school.NOW)
        counted.append(len(caught))
    assert counted[0] == counted[1]
