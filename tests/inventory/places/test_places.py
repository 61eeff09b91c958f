"""Rooms, sets and trolleys: what is in them moves with them, and nobody's change is lost."""

from typing import Any

import msgspec
import pytest

from inventory.assets import services
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.folding import Change, fold
from inventory.assets.writing import By, values_of
from inventory.ids import new_id
from inventory.models import Asset, AssetEvent, Event, Room
from inventory.places import contents, queries
from inventory.places.services import (
    LONGEST,
    MOST_ORDER,
    add_pool,
    add_room,
    change_room,
    create_site,
    end_pool,
    end_room,
    order_rooms,
)

NOW = 1_795_400_000
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def rooms(site: str) -> list[str]:
    return [add_room(site, name, by=BY) for name in ("Oak", "Elm", "Ash")]


def trolley(site: str, room: str, number: int = 3, name: str = "Y4 trolley") -> str:
    made = services.add(site, {"kind": "trolley", "name": name, "room": room}, by=BY)
    rows = [{"kind": "laptop", "tag": f"{name[:2]}-{n}", "parent": made} for n in range(number)]
    inside = services.add_many(site, rows, by=BY)
    contents.put_in(site, made, inside, by=BY)
    return made


def row(asset_id: str) -> Asset:
    return Asset.objects.get(id=asset_id)


def inside(holder: str) -> list[Asset]:
    return list(Asset.objects.filter(parent=holder).order_by("tag"))


def agrees(asset_id: str) -> bool:
    events = AssetEvent.objects.filter(asset_id=asset_id).order_by("seq")
    return fold(Change(e.seq, e.before, e.after) for e in events) == values_of(row(asset_id))


def test_what_is_in_a_trolley_is_in_its_room_and_goes_where_it_goes(
    site: str, rooms: list[str]
) -> None:
    held = trolley(site, rooms[0])
    assert {one.room_id for one in inside(held)} == {rooms[0]}
    one_step = msgspec.structs.replace(BY, batch=new_id("batch", BY.at))
    assert services.change_many(site, {held: {"room": rooms[1]}}, by=one_step) == 4
    assert {one.room_id for one in inside(held)} == {rooms[1]}
    assert all(agrees(one.id) for one in inside(held))
    back = services.undo(site, one_step.batch, by=BY)
    assert (back.done, back.kept) == (4, [])
    assert {one.room_id for one in [row(held), *inside(held)]} == {rooms[0]}


def test_a_case_in_a_trolley_takes_its_sticks_along(site: str, rooms: list[str]) -> None:
    held, case = trolley(site, rooms[0], 1), trolley(site, rooms[2], 2, "Case")
    contents.put_in(site, held, [case], by=BY)
    assert {one.room_id for one in inside(case)} == {rooms[0]}
    services.change(site, held, {"room": rooms[1]}, by=BY)
    assert {one.room_id for one in inside(case)} == {rooms[1]}


def test_what_asks_for_a_room_of_its_own_keeps_it(site: str, rooms: list[str]) -> None:
    held = trolley(site, rooms[0], 2)
    first, second = inside(held)
    changes = {held: {"room": rooms[1]}, first.id: {"room": rooms[2]}}
    assert services.change_many(site, changes, by=BY) == 3
    assert (row(first.id).room_id, row(second.id).room_id) == (rooms[2], rooms[1])


def test_saving_a_trolley_that_stays_where_it_is_moves_nothing(site: str, rooms: list[str]) -> None:
    held = trolley(site, rooms[0], 1)
    (only,) = inside(held)
    services.change(site, only.id, {"room": rooms[2]}, by=BY)
    services.change(site, held, {"room": rooms[0], "name": "Trolley 4"}, by=BY)
    assert row(only.id).room_id == rooms[2]


def test_what_is_put_into_a_room_has_left_its_trolley(site: str, rooms: list[str]) -> None:
    held = trolley(site, rooms[0], 2)
    first, _ = inside(held)
    contents.put_in(site, rooms[1], [first.id], by=BY)
    assert (row(first.id).parent_id, row(first.id).room_id) == (None, rooms[1])


def test_what_is_taken_out_of_a_trolley_stands_in_its_room(site: str, rooms: list[str]) -> None:
    held = trolley(site, rooms[0], 2)
    first, second = inside(held)
    assert contents.take_out(site, held, [first.id], by=BY).number == 1
    assert (row(first.id).parent_id, row(first.id).room_id) == (None, rooms[0])
    with pytest.raises(RegisterError, match="not there any more"):
        contents.take_out(site, held, [first.id, second.id], by=BY)
    assert row(second.id).parent_id == held


def test_a_room_is_emptied_into_another_with_its_trolleys_still_full(
    site: str, rooms: list[str]
) -> None:
    held = trolley(site, rooms[0], 2)
    alone = services.add(site, {"kind": "display", "room": rooms[0]}, by=BY)
    done = contents.empty_into(site, rooms[0], rooms[1], by=BY)
    assert done.number == 4
    assert row(alone).room_id == rooms[1]
    assert [one.room_id for one in inside(held)] == [rooms[1]] * 2
    end_room(site, rooms[0], by=BY)


@pytest.mark.parametrize("to", [0, "pool"])
def test_things_go_to_a_place_of_the_same_kind_and_never_to_the_same(
    site: str, rooms: list[str], to: int | str
) -> None:
    services.add(site, {"room": rooms[0]}, by=BY)
    target = rooms[0] if to == 0 else add_pool(site, "Set", by=BY)
    with pytest.raises(RegisterError, match="Pick"):
        contents.empty_into(site, rooms[0], target, by=BY)


def test_a_room_with_things_in_it_stays_and_one_whose_things_are_gone_may_end(
    site: str, rooms: list[str]
) -> None:
    thing = services.add(site, {"room": rooms[0]}, by=BY)
    with pytest.raises(RegisterError, match="Move what is in it"):
        end_room(site, rooms[0], by=BY)
    services.withdraw(site, thing, by=BY)
    end_room(site, rooms[0], by=BY)
    pool = add_pool(site, "iPads", by=BY)
    end_pool(site, pool, by=BY)
    assert queries.one([site], pool) is None


def test_an_undo_leaves_alone_what_would_go_back_to_a_room_that_is_no_more(
    site: str, rooms: list[str]
) -> None:
    thing = services.add(site, {"room": rooms[0]}, by=BY)
    done = contents.empty_into(site, rooms[0], rooms[1], by=BY)
    end_room(site, rooms[0], by=BY)
    back = services.undo(site, done.batch, by=BY)
    assert (back.done, back.kept) == (0, [thing])
    assert row(thing).room_id == rooms[1]


def test_two_people_who_rename_one_room_meet(site: str, rooms: list[str]) -> None:
    seen = queries.one([site], rooms[0])
    assert seen is not None
    change_room(site, rooms[0], by=BY, seen=seen.seen, name="Beech")
    with pytest.raises(StaleError):
        change_room(site, rooms[0], by=BY, seen=seen.seen, name="Birch")
    assert Room.objects.get(id=rooms[0]).name == "Beech"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * (LONGEST + 1)},
        {"building": "x" * (LONGEST + 1)},
        {"order": -1},
        {"order": MOST_ORDER + 1},
        {"order": True},
        {"profile": "wizard"},
        {"name": "Elm"},
    ],
)
def test_what_a_room_cannot_be_is_refused_and_nothing_changes(
    site: str, rooms: list[str], changes: dict[str, Any]
) -> None:
    with pytest.raises(RegisterError):
        change_room(site, rooms[0], by=BY, **changes)
    assert Room.objects.get(id=rooms[0]).name == "Oak"


def test_saving_a_room_as_it_is_writes_nothing(site: str, rooms: list[str]) -> None:
    before = Event.objects.count()
    change_room(site, rooms[0], by=BY, name=" Oak ", order=0)
    assert order_rooms(site, {rooms[0]: 0}, by=BY) == 0
    assert Event.objects.count() == before


def test_rooms_are_walked_by_their_numbers_then_by_name(site: str, rooms: list[str]) -> None:
    other = create_site(name="Dale School", at=NOW)
    theirs = add_room(other, "Yew", by=BY)
    assert order_rooms(site, {rooms[2]: 1, rooms[0]: 2, theirs: 3}, by=BY) == 2
    add_room(site, "Fir", by=BY)
    assert [one.name for one in queries.rooms([site])] == ["Ash", "Oak", "Fir", "Elm"]
    assert Room.objects.get(id=theirs).order == 0


def test_tags_are_read_line_by_line_whatever_their_capitals(site: str) -> None:
    first = services.add(site, {"tag": "WB-1", "serial": "5CD1"}, by=BY)
    second = services.add(site, {"tag": "WB-2", "serial": "SAME"}, by=BY)
    services.add(site, {"tag": "WB-3", "serial": "SAME"}, by=BY)
    read = contents.read_typed(site, " wb-1 \n\nWB-2\r\nnope\nSame\n5cd1\n")
    assert read.ids == [first, second]
    assert (read.nobody, read.several, read.twice) == (["nope"], ["Same"], ["5cd1"])
    assert not read.fine


def test_too_many_lines_or_too_long_ones_are_refused(site: str) -> None:
    with pytest.raises(RegisterError, match="500 lines"):
        contents.read_typed(site, "x\n" * 501)
    with pytest.raises(RegisterError, match="no tag"):
        contents.read_typed(site, "x" * 129)
    assert contents.read_typed(site, "x\0y\n" * 500).nobody


def test_another_schools_things_and_places_are_not_there(site: str, rooms: list[str]) -> None:
    other = create_site(name="Dale School", at=NOW)
    services.add(other, {"tag": "DS-1"}, by=BY)
    assert contents.read_typed(site, "DS-1").nobody == ["DS-1"]
    with pytest.raises(RegisterError):
        contents.put_in(other, rooms[0], [services.add(other, {}, by=BY)], by=BY)
    assert queries.one([other], rooms[0]) is None


def test_nothing_is_kept_in_itself_even_when_all_is_changed_at_once(
    site: str, rooms: list[str]
) -> None:
    one, two = trolley(site, rooms[0], 0, "One"), trolley(site, rooms[0], 0, "Two")
    with pytest.raises(RegisterError, match="in itself"):
        services.change_many(site, {one: {"parent": two}, two: {"parent": one}}, by=BY)
    contents.put_in(site, two, [one], by=BY)
    with pytest.raises(RegisterError, match="in itself"):
        contents.put_in(site, one, [two], by=BY)
    services.change_many(site, {one: {"parent": ""}, two: {"parent": one}}, by=BY)
    assert row(two).parent_id == one
