"""Rooms and pools as sheets write them: one room in two spellings, two rooms of one name, a name
that cannot be, and what something is kept in, which no sheet knows."""

import pytest

from inventory.assets import services
from inventory.assets.writing import By
from inventory.imports.applying import Done, take
from inventory.imports.columns import guess
from inventory.imports.exporting import sheet as exported
from inventory.imports.sheets import read
from inventory.models import Asset, Room
from inventory.places.services import add_room, create_site

BY = By("user_1", 1_795_400_000)
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=BY.at)


def taken(site: str, text: str) -> Done:
    sheet = read(text.encode())
    return take(site, sheet, guess(sheet.headers), "tag", by=BY)


def rooms() -> list[str]:
    return list(Room.objects.order_by("name").values_list("name", flat=True))


def test_a_new_room_in_two_spellings_is_one_room(site: str) -> None:
    assert taken(site, "Tag,Room\nA,Oak\nB,oak\nC,OAK\n").plan.rooms == ["Oak"]
    assert rooms() == ["Oak"]
    assert Asset.objects.exclude(room=None).count() == 3


def test_a_name_that_is_too_long_refuses_its_row_and_no_other(site: str) -> None:
    done = taken(site, f"Tag,Room\nA,{'x' * 81}\nB,Oak\n")
    assert [(one.row, one.column) for one in done.plan.refused] == [(2, "Room")]
    assert rooms() == ["Oak"]


@pytest.mark.parametrize("cell", ["-", "n/a", "TBC", "\u200b"])
def test_a_cell_that_says_nothing_is_no_room(site: str, cell: str) -> None:
    assert len(taken(site, f"Tag,Room\nA,{cell}\n").plan.new) == 1
    assert rooms() == []


def test_letters_that_nobody_sees_are_left_out_of_a_name(site: str) -> None:
    taken(site, "Tag,Room\nA,O\x1bak\u200b\n")
    assert rooms() == ["Oak"]


def test_two_rooms_of_one_name_keep_what_stands_in_them(site: str) -> None:
    halls = [add_room(site, "Hall", by=BY, building=building) for building in ("Old", "New")]
    services.add_many(site, [{"tag": f"T{n}", "room": one} for n, one in enumerate(halls)], by=BY)
    done = taken(site, "".join(exported([site])))
    assert (done.plan.changed, done.plan.refused, done.plan.same) == ([], [], 2)
    done = taken(site, "Tag,Room\nT9,hall\n")
    assert [(one.row, one.column) for one in done.plan.refused] == [(2, "Room")]
    assert "several rooms" in done.plan.refused[0].why


@pytest.mark.parametrize("header", ["Kept in", "parent"])
def test_what_something_is_kept_in_is_passed_over(site: str, header: str) -> None:
    assert len(taken(site, f"Tag,{header}\nA,Trolley 3\n").plan.new) == 1
