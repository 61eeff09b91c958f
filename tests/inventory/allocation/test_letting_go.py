"""What the night lets go of: whoever left long ago with nothing, and loans long over."""

import pytest

from inventory.allocation import people
from inventory.allocation.letting_go import let_go
from inventory.allocation.services import allocate, take_back
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Allocation, Person
from inventory.places.services import create_site

NOW = 1_795_400_000
DAY = 86_400
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


def name_of(person: str) -> str:
    return Person.objects.get(id=person).name


def test_whoever_left_two_years_ago_is_erased_unless_they_still_have_something() -> None:
    site = create_site(name="Hill School", at=NOW)
    gone, keeper, stays = (people.add_person(site, n, "staff", by=BY) for n in ("A", "B", "C"))
    allocate(site, [services.add(site, {}, by=BY)], keeper, by=BY)
    for person in (gone, keeper):
        people.leaves(site, person, "2026-11-23", by=BY)  # the day NOW is
    let_go(NOW + 730 * DAY)
    assert name_of(gone) == "A"
    assert let_go(NOW + 731 * DAY).people == 1
    assert [name_of(one) for one in (gone, keeper, stays)] == ["", "B", "C"]


def test_a_loan_goes_six_years_after_it_ended_and_an_open_one_never() -> None:
    site = create_site(name="Hill School", at=NOW)
    person = people.add_person(site, "A", "staff", by=BY)
    ended, kept = (services.add(site, {}, by=BY) for _ in range(2))
    allocate(site, [ended, kept], person, by=BY)
    take_back(site, [ended], by=BY)
    assert let_go(NOW + 6 * 365 * DAY).loans == 0
    assert let_go(NOW + 6 * 365 * DAY + 1).loans == 1
    assert [loan.asset_id for loan in Allocation.objects.all()] == [kept]
