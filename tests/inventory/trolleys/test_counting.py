"""A trolley counted and lent as one."""

import pytest

from inventory.allocation import people
from inventory.allocation.services import Terms, allocate
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.models import Asset, Event
from inventory.places.services import create_site
from inventory.trolleys import counting

NOW = 1_795_400_000
BY = By("user_1", NOW)
LATER = By("user_1", NOW + 3600)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def teacher(site: str) -> str:
    return people.add_person(site, "Maya Jones", "staff", by=BY)


@pytest.fixture
def trolley(site: str) -> str:
    made = services.add(site, {"kind": "trolley", "name": "Y4 trolley"}, by=BY)
    rows = [{"kind": "laptop", "tag": f"Y4-{n:02d}", "parent": made} for n in range(16)]
    services.add_many(site, rows, by=BY)
    return made


def inside(trolley: str) -> list[str]:
    rows = Asset.objects.filter(parent=trolley).order_by("tag")
    return list(rows.values_list("id", flat=True))


def holders(ids: list[str]) -> list[str]:
    rows = dict(Asset.objects.filter(id__in=ids).values_list("id", "holder"))
    return [rows[one] for one in ids]


def test_fifteen_of_sixteen_are_back_and_the_sixteenth_is_named(site: str, trolley: str) -> None:
    ids = inside(trolley)
    stray = services.add(site, {"tag": "Y5-01"}, by=BY)
    counted = counting.count(site, trolley, [*ids[:15], stray], by=BY)
    assert (counted.back, counted.expected) == (15, 16)
    assert (counted.missing, counted.strays) == ([ids[15]], [stray])
    assert counting.newest([site], trolley) == counted
    assert Event.objects.filter(verb="trolley.count", subject=trolley).count() == 1
    assert Asset.objects.get(id=stray).parent is None


@pytest.mark.parametrize("number", [0, 1, 16])
def test_none_one_or_all_may_be_there(site: str, trolley: str, number: int) -> None:
    assert counting.count(site, trolley, inside(trolley)[:number], by=BY).back == number


def test_what_is_withdrawn_is_not_expected(site: str, trolley: str) -> None:
    gone = inside(trolley)[0]
    services.change(site, gone, {"parent": ""}, by=BY)
    services.withdraw(site, gone, by=BY)
    assert counting.count(site, trolley, [], by=BY).expected == 15


def test_a_trolley_is_lent_and_comes_back_but_for_one(
    site: str, trolley: str, teacher: str
) -> None:
    ids = inside(trolley)
    services.move(site, [ids[0]], "lost", by=By("user_1", NOW, reason="on the bus"))
    _, number = counting.lend(site, trolley, teacher, by=BY, terms=Terms(due_on="2026-11-27"))
    assert number == 16
    assert holders([trolley, *ids]) == [teacher, "", *[teacher] * 15]
    back = counting.bring_back(site, trolley, ids[2:], by=LATER)
    assert (back.back, back.missing) == (14, sorted(ids[:2]))
    assert holders([trolley, *ids]) == ["", "", teacher, *[""] * 14]


def test_a_trolley_of_which_somebody_has_one_is_not_lent_in_part(
    site: str, trolley: str, teacher: str
) -> None:
    other = people.add_person(site, "Tom", "staff", by=BY)
    allocate(site, inside(trolley)[:1], other, by=BY)
    with pytest.raises(RegisterError, match="given to somebody already"):
        counting.lend(site, trolley, teacher, by=BY)
    assert Asset.objects.filter(holder=teacher).count() == 0


def test_what_nobody_lent_does_not_come_back(site: str, trolley: str) -> None:
    with pytest.raises(RegisterError, match="given to nobody"):
        counting.bring_back(site, trolley, [], by=BY)


def test_another_schools_trolley_cannot_be_counted_or_lent(
    site: str, trolley: str, teacher: str
) -> None:
    other = create_site(name="Dale School", at=NOW)
    with pytest.raises(RegisterError, match="no such trolley"):
        counting.count(other, trolley, [], by=BY)
    with pytest.raises(RegisterError, match="no such trolley"):
        counting.lend(other, trolley, teacher, by=BY)
    assert counting.newest([other], trolley) is None


def test_a_count_names_entries_of_its_school_and_nothing_else(site: str, trolley: str) -> None:
    other = create_site(name="Vale School", at=NOW)
    theirs = services.add(other, {"tag": "V-1"}, by=BY)
    ids = inside(trolley)
    counted = counting.count(site, trolley, [*ids, theirs, "Maya Jones has it"], by=BY)
    assert (counted.missing, counted.strays) == ([], [])
    assert counting.newest([site], trolley) == counted
