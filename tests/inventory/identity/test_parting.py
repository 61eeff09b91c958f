"""Parting two entries whose loans and places moved on since they were joined."""

import pytest

from inventory.allocation import people
from inventory.allocation.services import Terms, allocate, extend
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import services as disposals
from inventory.identity.merging import merge, unmerge
from inventory.models import Allocation, Asset
from inventory.places.services import add_room, create_site, end_room

NOW = 1_795_400_000
BY = By("user_1", NOW)
TROLLEY = {"kind": "trolley"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def row(asset_id: str) -> Asset:
    return Asset.objects.get(id=asset_id)


@pytest.mark.parametrize("due_on", ["", "2026-12-01"])
def test_a_loan_that_was_extended_goes_back_with_its_new_day(site: str, due_on: str) -> None:
    stays, goes = services.add_many(site, [{}, {}], by=BY)
    teacher = people.add_person(site, "Maya Jones", "staff", by=BY)
    (loan,) = allocate(site, [goes], teacher, by=BY, terms=Terms(due_on=due_on))
    merge(site, stays, goes, by=BY)
    extend(site, loan, "2027-01-01", by=BY)
    unmerge(site, goes, by=BY)
    assert (row(stays).holder, row(stays).due_on) == ("", "")
    assert (row(goes).holder, row(goes).due_on) == (teacher, "2027-01-01")
    assert Allocation.objects.get(until=None).asset_id == goes


def test_a_place_that_is_no_more_is_not_gone_back_to(site: str) -> None:
    oak, elm = add_room(site, "Oak", by=BY), add_room(site, "Elm", by=BY)
    trolley, other = services.add_many(site, [TROLLEY, TROLLEY], by=BY)
    stays = services.add(site, {"room": elm, "parent": other}, by=BY)
    goes = services.add(site, {"room": oak, "parent": trolley}, by=BY)
    merge(site, stays, goes, by=BY)
    end_room(site, oak, by=BY)
    services.withdraw(site, trolley, by=BY)
    unmerge(site, goes, by=BY)
    assert (row(goes).room_id, row(goes).parent_id) == (None, None)


def test_what_holds_the_other_or_is_given_things_is_not_joined(site: str) -> None:
    trolley, other = services.add_many(site, [TROLLEY, TROLLEY], by=BY)
    laptop = services.add(site, {}, by=BY)
    allocate(site, [laptop], trolley, by=BY)
    with pytest.raises(RegisterError, match="Take it back"):
        merge(site, trolley, laptop, by=BY)
    services.change(site, laptop, {"parent": ""}, by=BY)
    with pytest.raises(RegisterError, match="Move what is kept"):
        merge(site, other, trolley, by=BY)


def test_joining_keeps_nothing_in_itself(site: str) -> None:
    stays, case = services.add_many(site, [TROLLEY, TROLLEY], by=BY)
    services.change(site, case, {"parent": stays}, by=BY)
    goes = services.add(site, {"parent": case}, by=BY)
    merge(site, stays, goes, by=BY)
    assert row(stays).parent_id is None


def test_what_is_on_its_way_out_is_not_parted(site: str) -> None:
    stays, goes = services.add_many(site, [{}, {}], by=BY)
    merge(site, stays, goes, by=BY)
    disposals.withdraw(site, [stays], reason="Too old", told={}, by=BY)
    with pytest.raises(RegisterError, match="only its disposal moves it"):
        unmerge(site, goes, by=BY)
    assert row(goes).state == "merged"
