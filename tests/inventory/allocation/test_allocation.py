"""Things given, lent and taken back: one holder at a time, and every case in the history."""

import pytest

from inventory.allocation import people
from inventory.allocation.services import Back, Terms, allocate, extend, take_back
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.folding import Change, fold
from inventory.assets.writing import By, values_of
from inventory.identity.merging import merge, unmerge
from inventory.models import Allocation, Asset, AssetEvent, Person
from inventory.places.services import add_pool, add_room, create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 86_400)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    return services.add(site, {"tag": "HS-1", "kind": "laptop"}, by=BY)


@pytest.fixture
def teacher(site: str) -> str:
    return people.add_person(site, "Maya Jones", "staff", by=BY, reference="s-17")


def row(asset_id: str) -> Asset:
    return Asset.objects.get(id=asset_id)


def agrees(asset_id: str) -> bool:
    events = AssetEvent.objects.filter(asset_id=asset_id).order_by("seq")
    return fold(Change(e.seq, e.before, e.after) for e in events) == values_of(row(asset_id))


def test_a_laptop_is_lent_until_a_day_and_comes_back_worn(
    site: str, laptop: str, teacher: str
) -> None:
    terms = Terms(
        due_on="2027-07-20", goes_home=True, conditions="Keep it dry.", signature="a" * 64
    )
    (loan,) = allocate(site, [laptop], teacher, by=BY, terms=terms)
    assert (row(laptop).holder, row(laptop).due_on) == (teacher, "2027-07-20")
    extend(site, loan, "2027-07-23", by=LATER)
    assert row(laptop).due_on == "2027-07-23"
    assert take_back(site, [laptop], by=LATER, back=Back("worn", note="key E missing")) == 1
    kept = Allocation.objects.get(id=loan)
    assert (kept.until, kept.taken_by, kept.returned_as) == (NOW + 86_400, "user_2", "worn")
    assert kept.conditions == "Keep it dry."
    assert (row(laptop).holder, row(laptop).due_on, row(laptop).condition) == ("", "", "worn")
    assert agrees(laptop)


def test_what_somebody_has_is_not_given_again_unless_that_is_meant(
    site: str, laptop: str, teacher: str
) -> None:
    other = people.add_person(site, "Sam Lee", "staff", by=BY)
    allocate(site, [laptop], teacher, by=BY)
    with pytest.raises(RegisterError, match="HS-1 is given to somebody already"):
        allocate(site, [laptop], other, by=BY)
    allocate(site, [laptop], other, by=LATER, terms=Terms(take=True))
    assert row(laptop).holder == other
    assert Allocation.objects.filter(asset=laptop, until=None).count() == 1
    assert Allocation.objects.get(asset=laptop, person=teacher).until == NOW + 86_400


def test_thirty_are_given_in_one_step_or_none(site: str, teacher: str) -> None:
    made = services.add_many(site, [{"tag": f"t{n}"} for n in range(30)], by=BY)
    services.move(site, [made[7]], "lost", by=BY)
    with pytest.raises(RegisterError, match="t7 is lost"):
        allocate(site, made, teacher, by=BY)
    assert not Allocation.objects.exists()
    services.move(site, [made[7]], "in_use", by=BY)
    pool = add_pool(site, "Year 4", by=BY)
    assert len(allocate(site, made, pool, by=BY)) == 30
    assert {row(one).pool_id for one in made} == {pool}


def test_what_is_given_to_a_place_or_a_trolley_is_there(site: str, laptop: str) -> None:
    room = add_room(site, "Oak", by=BY)
    trolley = services.add(site, {"kind": "trolley"}, by=BY)
    allocate(site, [laptop], room, by=BY)
    assert row(laptop).room_id == room
    allocate(site, [laptop], trolley, by=BY, terms=Terms(take=True))
    assert row(laptop).parent_id == trolley
    with pytest.raises(RegisterError):
        allocate(site, [trolley], trolley, by=BY)
    with pytest.raises(RegisterError):
        allocate(site, [trolley], laptop, by=BY)


def test_nobody_of_another_school_is_given_anything(site: str, laptop: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    theirs = [
        people.add_person(other, "Sam Lee", "staff", by=BY),
        add_room(other, "Oak", by=BY),
        add_pool(other, "Year 4", by=BY),
        services.add(other, {"kind": "trolley"}, by=BY),
        "pers_nobody",
        "",
    ]
    for holder in theirs:
        with pytest.raises(RegisterError):
            allocate(site, [laptop], holder, by=BY)


@pytest.mark.parametrize(
    "terms",
    [Terms(due_on="soon"), Terms(conditions="x" * 20_001), Terms(signature="abc")],
    ids=["day", "conditions", "signature"],
)
def test_terms_that_cannot_be_are_refused(
    site: str, laptop: str, teacher: str, terms: Terms
) -> None:
    with pytest.raises(RegisterError):
        allocate(site, [laptop], teacher, by=BY, terms=terms)


def test_a_loan_goes_along_with_a_merge_and_back(site: str, laptop: str, teacher: str) -> None:
    twin = services.add(site, {"serial": "5CD1234XYZ"}, by=BY)
    allocate(site, [laptop], teacher, by=BY, terms=Terms(due_on="2027-07-20"))
    merge(site, twin, laptop, by=LATER)
    assert (row(twin).holder, row(twin).due_on, row(laptop).holder) == (teacher, "2027-07-20", "")
    unmerge(site, laptop, by=LATER)
    assert (row(laptop).holder, row(twin).holder) == (teacher, "")
    assert Allocation.objects.get(until=None).asset_id == laptop
    assert agrees(laptop)
    assert agrees(twin)


def test_whoever_has_something_is_not_erased_and_erased_nothing_of_them_is_left(
    site: str, laptop: str, teacher: str
) -> None:
    allocate(site, [laptop], teacher, by=BY, terms=Terms(note="Maya asked", signature="a" * 64))
    with pytest.raises(RegisterError):
        people.erase(site, teacher, by=BY)
    take_back(site, [laptop], by=BY)
    people.erase(site, teacher, by=BY)
    person, loan = Person.objects.get(id=teacher), Allocation.objects.get()
    assert (person.name, person.reference, loan.note, loan.signature) == ("", "", "", "")
    with pytest.raises(RegisterError):
        allocate(site, [laptop], teacher, by=BY)


def test_a_reference_finds_one_person_and_a_leaver_stays_until_things_are_back(
    site: str, teacher: str, laptop: str
) -> None:
    with pytest.raises(RegisterError):
        people.add_person(site, "Another", "staff", by=BY, reference="s-17")
    allocate(site, [laptop], teacher, by=BY)
    people.leaves(site, teacher, "2027-07-20", by=BY)
    assert Person.objects.get(id=teacher).left_on == "2027-07-20"
    assert row(laptop).holder == teacher
    with pytest.raises(RegisterError):
        people.leaves(site, teacher, "next week", by=BY)
