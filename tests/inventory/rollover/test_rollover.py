"""September: swaps and circles come out right, and all of it can be taken back."""

import pytest

from inventory.allocation import people
from inventory.allocation.services import Terms, allocate, take_back
from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.models import Allocation, Asset, Event, Person, Rollover
from inventory.places.services import add_pool, add_room, create_site, end_room
from inventory.rollover.planning import Asked, plan
from inventory.rollover.services import MovedError, carry_out, undo

NOW = 1_788_220_000
"""31 August 2026."""
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 86_400)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def rooms(site: str) -> dict[str, str]:
    return {name: add_room(site, name, by=BY) for name in ("Y3", "Y4", "Y5", "Store")}


@pytest.fixture
def before(site: str, rooms: dict[str, str]) -> dict[str, str]:
    """Tag → room it stood in: three classes of four things, each with a trolley that has two."""
    for name in ("Y3", "Y4", "Y5"):
        told = {"kind": "laptop", "room": rooms[name]}
        trolley = {"kind": "trolley", "name": name, "tag": f"{name}-T", "room": rooms[name]}
        held = services.add(site, trolley, by=BY)
        laptops = [{**told, "tag": f"{name}-{n}", "parent": held} for n in range(2)]
        services.add_many(site, [*laptops, {**told, "tag": f"{name}-B"}], by=BY)
    return where()


@pytest.fixture
def staff(site: str) -> list[str]:
    return [people.add_person(site, name, "staff", by=BY) for name in ("Ada", "Ben", "Cy")]


def where() -> dict[str, str]:
    return {tag: room or "" for tag, room in Asset.objects.values_list("tag", "room")}


def by_tag(tag: str) -> Asset:
    return Asset.objects.get(tag=tag)


def given(site: str, tag: str, person: str, due_on: str = "") -> str:
    made = services.add(site, {"tag": tag, "kind": "laptop"}, by=BY)
    allocate(site, [made], person, by=BY, terms=Terms(due_on=due_on))
    return made


def test_classes_go_round_in_a_circle_and_each_arrives_whole(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    circle = {rooms["Y3"]: rooms["Y4"], rooms["Y4"]: rooms["Y5"], rooms["Y5"]: rooms["Y3"]}
    found = plan(site, Asked(circle))
    assert [number for _, _, number in found.moved] == [4, 4, 4]
    done = carry_out(site, Asked(circle), by=BY, mark=found.mark)
    assert where() == {tag: circle[room] for tag, room in before.items()}
    assert by_tag("Y3-0").parent_id == by_tag("Y3-1").parent_id == by_tag("Y3-T").id
    back = undo(site, done, by=LATER)
    assert (back.done, back.kept) == (12, [])
    assert where() == before


def test_two_classes_swap_rooms(site: str, rooms: dict[str, str], before: dict[str, str]) -> None:
    carry_out(site, Asked({rooms["Y3"]: rooms["Y4"], rooms["Y4"]: rooms["Y3"]}), by=BY)
    assert where()["Y3-1"] == where()["Y3-T"] == rooms["Y4"]
    assert where()["Y4-1"] == where()["Y4-B"] == rooms["Y3"]
    assert where()["Y5-0"] == rooms["Y5"]


def test_the_class_moves_and_its_trolley_goes_to_the_store(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    trolley = by_tag("Y3-T").id
    asked = Asked({rooms["Y3"]: rooms["Y4"], trolley: rooms["Store"]})
    assert [number for _, _, number in plan(site, asked).moved] == [1, 3]
    carry_out(site, asked, by=BY)
    assert (where()["Y3-B"], where()["Y3-0"]) == (rooms["Y4"], rooms["Store"])


def test_two_trolleys_swap_what_is_in_them(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    first, second = by_tag("Y3-T").id, by_tag("Y4-T").id
    done = carry_out(site, Asked({first: second, second: first}), by=BY)
    assert (by_tag("Y3-0").parent_id, by_tag("Y3-0").room_id) == (second, rooms["Y4"])
    assert (by_tag("Y4-0").parent_id, by_tag("Y4-0").room_id) == (first, rooms["Y3"])
    undo(site, done, by=LATER)
    assert where() == before
    assert by_tag("Y3-0").parent_id == first


def test_sets_move_whatever_room_they_stand_in(site: str, rooms: dict[str, str]) -> None:
    one, two = (add_pool(site, name, by=BY) for name in ("Year 3", "Year 4"))
    services.add(site, {"tag": "P-1", "pool": one, "room": rooms["Y3"]}, by=BY)
    carry_out(site, Asked({one: two, rooms["Y3"]: rooms["Y5"]}), by=BY)
    assert (by_tag("P-1").pool_id, by_tag("P-1").room_id) == (two, rooms["Y5"])


def test_what_is_lost_stays_where_it_belonged_and_is_named(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    services.move(site, [by_tag("Y3-B").id], "lost", by=By("user_1", NOW, reason="gone"))
    asked = Asked({rooms["Y3"]: rooms["Y4"]})
    assert [(one.name, one.why) for one in plan(site, asked).stays] == [("Y3-B", "lost")]
    carry_out(site, asked, by=BY)
    assert where()["Y3-B"] == rooms["Y3"]


def test_what_was_moved_since_stays_when_the_rest_is_taken_back(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    done = carry_out(site, Asked({rooms["Y3"]: rooms["Y4"]}), by=BY)
    services.change(site, by_tag("Y3-B").id, {"room": rooms["Store"]}, by=LATER)
    assert undo(site, done, by=LATER).kept == [by_tag("Y3-B").id]
    assert where() == before | {"Y3-B": rooms["Store"]}
    with pytest.raises(RegisterError, match="taken back already"):
        undo(site, done, by=LATER)


def test_nothing_goes_back_to_a_room_that_is_no_more(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    done = carry_out(site, Asked({rooms["Y3"]: rooms["Store"]}), by=BY)
    end_room(site, rooms["Y3"], by=LATER)
    assert len(undo(site, done, by=LATER).kept) == 4
    assert where()["Y3-B"] == rooms["Store"]


def test_what_changed_after_the_preview_is_previewed_again(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    asked = Asked({rooms["Y3"]: rooms["Y4"]})
    mark = plan(site, asked).mark
    assert plan(site, asked).mark == mark
    services.add(site, {"tag": "NEW", "room": rooms["Y3"]}, by=LATER)
    with pytest.raises(MovedError):
        carry_out(site, asked, by=BY, mark=mark)
    assert where() == before | {"NEW": rooms["Y3"]}
    assert not Rollover.objects.exists()


def test_two_people_swap_what_they_have_and_back(site: str, staff: list[str]) -> None:
    ada, ben, _ = staff
    one, two = given(site, "A", ada), given(site, "B", ben)
    loan = given(site, "L", ada, "2026-12-01")
    asked = Asked(hands={ada: ben, ben: ada})
    assert [(s.asset, s.why) for s in plan(site, asked).stays] == [(loan, "loan")]
    done = carry_out(site, asked, by=BY)
    assert [by_tag(tag).holder for tag in "ABL"] == [ben, ada, ada]
    undo(site, done, by=LATER)
    assert [by_tag(tag).holder for tag in "ABL"] == [ada, ben, ada]
    rows = Allocation.objects.filter(until=None, asset__in=[one, two])
    assert dict(rows.values_list("asset", "person")) == {one: ada, two: ben}


def test_a_leaver_gets_their_day_and_what_they_keep_is_counted(site: str, staff: list[str]) -> None:
    ada, ben, cy = staff
    given(site, "A", ada)
    given(site, "C", cy)
    asked = Asked(hands={ada: ben}, leavers=(ada, cy), left_on="2026-08-31")
    assert plan(site, asked).keeps == {cy: 1}
    done = carry_out(site, asked, by=BY)
    assert set(Person.objects.exclude(left_on="").values_list("id", flat=True)) == {ada, cy}
    people.leaves(site, cy, "2026-12-31", by=LATER)
    assert undo(site, done, by=LATER).stay == [cy]
    days = dict(Person.objects.values_list("id", "left_on"))
    assert days == {ada: "", ben: "", cy: "2026-12-31"}


@pytest.mark.parametrize("day", ["2028-02-29", "2026-12-31", "2027-01-01"])
def test_any_day_of_the_calendar_may_be_the_last(site: str, staff: list[str], day: str) -> None:
    carry_out(site, Asked(leavers=(staff[0],), left_on=day), by=BY)
    assert Person.objects.get(id=staff[0]).left_on == day


@pytest.mark.parametrize("day", ["", "2027-02-29", "31 August", "1969-12-31"])
def test_a_day_that_is_none_is_refused(site: str, staff: list[str], day: str) -> None:
    with pytest.raises(RegisterError):
        carry_out(site, Asked(leavers=(staff[0],), left_on=day), by=BY)
    assert not Person.objects.exclude(left_on="").exists()


def test_what_came_back_since_is_not_given_again_by_an_undo(site: str, staff: list[str]) -> None:
    one = given(site, "A", staff[0])
    done = carry_out(site, Asked(hands={staff[0]: staff[1]}), by=BY)
    take_back(site, [one], by=LATER)
    assert undo(site, done, by=LATER).kept == [one]
    assert by_tag("A").holder == ""


def test_what_cannot_be_meant_is_refused_and_nothing_happens(
    site: str, rooms: dict[str, str], before: dict[str, str], staff: list[str]
) -> None:
    pool = add_pool(site, "iPads", by=BY)
    elsewhere = create_site(name="Dale School", at=NOW)
    theirs = add_room(elsewhere, "Y3", by=BY)
    stranger = people.add_person(elsewhere, "Zed", "staff", by=BY)
    wrong = [
        Asked(),
        Asked({rooms["Y3"]: rooms["Y3"]}),
        Asked({rooms["Y3"]: pool}),
        Asked({rooms["Y3"]: by_tag("Y3-T").id}),
        Asked({rooms["Y3"]: theirs}),
        Asked({theirs: rooms["Y3"]}),
        Asked(hands={staff[0]: staff[0]}),
        Asked(hands={staff[0]: stranger}),
        Asked(leavers=(stranger,), left_on="2026-08-31"),
        Asked(hands={staff[0]: staff[1]}, leavers=(staff[1],), left_on="2026-08-31"),
    ]
    for asked in wrong:
        with pytest.raises(RegisterError):
            carry_out(site, asked, by=BY)
    assert where() == before
    assert not Event.objects.filter(verb__startswith="rollover").exists()


def test_another_school_cannot_take_it_back(
    site: str, rooms: dict[str, str], before: dict[str, str]
) -> None:
    done = carry_out(site, Asked({rooms["Y3"]: rooms["Y4"]}), by=BY)
    other = create_site(name="Dale School", at=NOW)
    with pytest.raises(RegisterError, match="no such step"):
        undo(other, done, by=LATER)
    assert Event.objects.filter(verb="rollover.do", subject=done).count() == 1
