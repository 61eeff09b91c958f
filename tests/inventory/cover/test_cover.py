"""What is away from school, and the limit that somebody wrote down for it (S27)."""

from collections.abc import Callable

import pytest

from inventory.allocation.people import add_person
from inventory.allocation.services import Terms, allocate, take_back
from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.cover import services
from inventory.cover.queries import Away, away, limit
from inventory.models import AwayCover, Event
from inventory.places.services import create_site
from tests.inventory.at_once import at_once

NOW = 1_795_400_000
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 60)
HOME = Terms(goes_home=True)


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


def things(site: str, *costs: int | None) -> list[str]:
    rows = [{"tag": f"HS-{n}", "kind": "laptop"} for n, _ in enumerate(costs)]
    priced = [
        row if cost is None else row | {"cost_pence": cost}
        for row, cost in zip(rows, costs, strict=True)
    ]
    return assets.add_many(site, priced, by=BY)


@pytest.fixture
def teacher(site: str) -> str:
    return add_person(site, "Ada Price", "staff", by=BY)


def test_what_is_out_to_go_home_or_for_repair_is_counted_with_what_it_cost(
    site: str, teacher: str
) -> None:
    home, unpriced, mending, both, _here = things(site, 40_000, None, 25_050, 10_000, 99_999)
    assert away({site}) == Away()
    allocate(site, [home, unpriced, both], teacher, by=BY, terms=HOME)
    assets.move(site, [mending, both], "repair", by=BY)
    assert away({site}) == Away(things=4, repairs=2, pence=75_050, unpriced=1)
    take_back(site, [home, unpriced, both], by=LATER)
    assert away({site}) == Away(things=2, repairs=2, pence=35_050)


def test_what_is_given_out_at_school_or_by_another_school_is_not_away(
    site: str, teacher: str
) -> None:
    (laptop,) = things(site, 40_000)
    allocate(site, [laptop], teacher, by=BY)
    other = create_site(name="Other School", at=NOW)
    (theirs,) = things(other, 1)
    assets.move(other, [theirs], "repair", by=BY)
    assert away({site}) == Away()
    assert away(set()) == Away()


def test_the_newest_limit_holds_and_the_ledger_keeps_each(site: str) -> None:
    assert limit(site) is None
    assert services.change(site, 500_000, seen=0, by=BY) == 1
    assert services.change(site, 0, seen=1, by=LATER) == 2
    held = limit(site)
    assert held is not None
    assert (held.version, held.pence, held.at, held.by) == (2, 0, NOW + 60, "user_2")
    lines = Event.objects.filter(site=site, verb=services.CHANGE).order_by("seq")
    assert [line.actor for line in lines] == ["user_1", "user_2"]
    assert limit(create_site(name="Other School", at=NOW)) is None


def test_whoever_saw_an_older_limit_is_told_and_nothing_is_kept(site: str) -> None:
    services.change(site, 500_000, seen=0, by=BY)
    with pytest.raises(StaleError):
        services.change(site, 700_000, seen=0, by=LATER)
    assert services.change(site, 500_000, seen=0, by=LATER) == 1, "the same, so nobody is told"
    assert [row.limit_pence for row in AwayCover.objects.all()] == [500_000]
    assert Event.objects.filter(verb=services.CHANGE).count() == 1


@pytest.mark.parametrize("pence", [-1, services.MOST_PENCE + 1])
def test_a_limit_that_cannot_be_is_refused(site: str, pence: int) -> None:
    with pytest.raises(RegisterError):
        services.change(site, pence, seen=0, by=BY)
    assert not AwayCover.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_it_down_at_once_one_is_told() -> None:
    site = create_site(name="Hill School", at=NOW)

    def write(pence: int) -> Callable[[], object]:
        return lambda: services.change(site, pence, seen=0, by=By(f"user_{pence}", NOW))

    assert at_once(write(1), write(2)) == [StaleError.__name__, "done"]
    assert Event.objects.filter(verb=services.CHANGE).count() == 1
