"""Taking a step back leaves alone what somebody changed since, and never makes what cannot be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.allocation import handovers, people
from inventory.allocation.services import Terms, allocate
from inventory.assets import services, steps
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.models import Allocation, Asset, AssetEvent
from inventory.places.services import add_room, create_site, end_room

NOW = 1_795_400_000
BY = By("user_1", NOW)
STEP = By("user_1", NOW, batch="batch_1")
TROLLEY = {"kind": "trolley"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def teacher(site: str) -> str:
    return people.add_person(site, "Maya Jones", "staff", by=BY)


def row(asset_id: str) -> Asset:
    return Asset.objects.get(id=asset_id)


def test_a_new_entry_that_was_given_out_since_stays(site: str, teacher: str) -> None:
    given, other = services.add_many(site, [{"tag": "1"}, {"tag": "2"}], by=STEP)
    allocate(site, [given], teacher, by=BY)
    assert services.undo(site, "batch_1", by=BY).kept == [given]
    assert (row(given).state, row(other).state) == ("in_use", "withdrawn")


def test_a_new_entry_in_which_somebody_filled_a_field_since_stays(site: str) -> None:
    made = services.add(site, {"tag": "1"}, by=STEP)
    services.change(site, made, {"notes": "Lid cracked"}, by=BY)
    done = steps.step([site], "batch_1")
    assert done is not None
    assert not done.entries[0].stands
    assert services.undo(site, "batch_1", by=BY).kept == [made]


def test_a_new_trolley_with_something_in_it_stays(site: str) -> None:
    trolley = services.add(site, TROLLEY, by=STEP)
    services.add(site, {"parent": trolley}, by=BY)
    assert services.undo(site, "batch_1", by=BY).kept == [trolley]


def test_a_trolley_and_what_came_in_it_go_and_come_together(site: str) -> None:
    trolley = services.add(site, TROLLEY, by=STEP)
    thing = services.add(site, {"parent": trolley}, by=STEP)
    assert services.undo(site, "batch_1", by=BY).kept == []
    undone = AssetEvent.objects.filter(asset=thing).latest("seq").batch
    assert services.undo(site, undone, by=BY).kept == []
    assert (row(thing).parent_id, row(trolley).state) == (trolley, "in_use")


def test_what_would_come_back_with_a_tag_that_is_taken_stays_and_the_rest_comes(site: str) -> None:
    first, second = services.add_many(site, [{"tag": "1"}, {"tag": "2"}], by=STEP)
    services.undo(site, "batch_1", by=BY)
    undone = AssetEvent.objects.filter(asset=first).latest("seq").batch
    services.add(site, {"tag": "1"}, by=BY)
    assert services.undo(site, undone, by=BY).kept == [first]
    assert row(second).tag == "2"


def test_nothing_comes_back_into_a_room_that_is_no_more(site: str) -> None:
    oak = add_room(site, "Oak", by=BY)
    made = services.add(site, {"room": oak}, by=STEP)
    services.undo(site, "batch_1", by=BY)
    undone = AssetEvent.objects.filter(asset=made).latest("seq").batch
    end_room(site, oak, by=BY)
    assert services.undo(site, undone, by=BY).kept == [made]


def test_nothing_goes_back_into_what_is_gone_or_into_itself(site: str) -> None:
    gone, other, thing = services.add_many(site, [TROLLEY, TROLLEY, TROLLEY], by=BY)
    services.change_many(site, {thing: {"parent": gone}, other: {"parent": thing}}, by=BY)
    services.change_many(site, {thing: {"parent": ""}, other: {"parent": ""}}, by=STEP)
    services.withdraw(site, gone, by=BY)
    services.change(site, thing, {"parent": other}, by=BY)
    services.change(site, thing, {"parent": ""}, by=BY)
    assert services.undo(site, "batch_1", by=BY).kept == [thing]
    services.change(site, other, {"parent": ""}, by=By("user_1", NOW, batch="batch_2"))
    services.change(site, thing, {"parent": other}, by=BY)
    assert services.undo(site, "batch_2", by=BY).kept == [other]


def test_a_give_that_was_taken_back_is_not_given_again_without_a_loan(
    site: str, teacher: str
) -> None:
    made = services.add(site, {"tag": "1"}, by=BY)
    handovers.undo(site, handovers.give(site, [made], teacher, by=BY), by=BY)
    undone = AssetEvent.objects.filter(asset=made).latest("seq").batch
    done = steps.step([site], undone)
    assert done is not None
    assert done.elsewhere
    with pytest.raises(RegisterError, match="its own page"):
        services.undo(site, undone, by=BY)
    assert row(made).holder == ""


def test_a_give_is_not_taken_back_to_somebody_who_was_erased_or_a_room_that_ended(
    site: str, teacher: str
) -> None:
    oak, elm = add_room(site, "Oak", by=BY), add_room(site, "Elm", by=BY)
    first, second = services.add_many(site, [{}, {"room": oak}], by=BY)
    handovers.give(site, [first], teacher, by=BY)
    taken = handovers.give(site, [first, second], elm, by=BY, terms=Terms(take=True))
    people.erase(site, teacher, by=BY)
    end_room(site, oak, by=BY)
    assert handovers.undo(site, taken, by=BY).kept == sorted([first, second])
    loans = Allocation.objects.filter(until=None)
    assert {one.asset_id: one.room_id for one in loans} == {first: elm, second: elm}


def test_counts_are_kept_after_the_ledger_is_held_so_that_two_who_write_twice_never_meet(
    site: str,
) -> None:
    with CaptureQueriesContext(connection) as asked:
        services.add(site, {}, by=BY)
    said = [one["sql"] for one in asked.captured_queries]
    ledger = next(n for n, sql in enumerate(said) if "INTO" in sql and "inventory_event" in sql)
    counts = next(n for n, sql in enumerate(said) if "INTO inventory_assettally" in sql)
    assert ledger < counts
