"""A sheet into the register and out again: tried out first, whole or in part, once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory.assets import services
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS
from inventory.assets.writing import By
from inventory.imports.applying import Done, look, take
from inventory.imports.columns import guess
from inventory.imports.exporting import sheet as exported
from inventory.imports.planning import Key
from inventory.imports.sheets import read
from inventory.models import Asset, Room
from inventory.places.services import add_room, create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def taken(site: str, text: str, key: Key = "tag", *, whole: bool = False) -> Done:
    sheet = read(text.encode())
    return take(site, sheet, guess(sheet.headers), key, by=BY, all_or_nothing=whole)


SHEET = """Asset Tag,Type,Serial No,Location,Purchase Date,Cost,Status
HS-1,Laptop,5CD0000001,Oak,1/9/2024,£449.99,In use
HS-2,iPad,DMP0000002,Oak,2024-09-01,320,In store
HS-3,Projector,,Hall,Sept 2021,,
"""


def test_a_sheet_makes_entries_rooms_and_states(site: str) -> None:
    done = taken(site, SHEET)
    assert (len(done.plan.new), done.plan.refused, done.plan.rooms) == (3, [], ["Oak", "Hall"])
    one, two, three = Asset.objects.filter(site_id=site).order_by("tag")
    assert (one.kind, one.serial, one.bought_on, one.cost_pence) == (
        "laptop",
        "5CD0000001",
        "2024-09-01",
        44_999,
    )
    assert one.room_id == two.room_id != three.room_id
    assert [row.state for row in (one, two, three)] == ["in_use", "stored", "in_use"]


def test_the_same_sheet_again_does_nothing(site: str) -> None:
    taken(site, SHEET)
    done = taken(site, SHEET)
    assert (done.plan.new, done.plan.changed, done.plan.same, done.batch) == ([], [], 3, "")
    assert Room.objects.count() == 2


def test_a_changed_row_changes_its_entry_and_an_empty_cell_empties_nothing(site: str) -> None:
    taken(site, SHEET)
    done = taken(site, "Serial Number;Room;Cost\r\n5cd-0000001;Ash;\r\n", "serial")
    assert [(one.values.keys() >= {"room"}, one.state) for one in done.plan.changed] == [(True, "")]
    entry = Asset.objects.get(tag="HS-1")
    assert entry.room is not None
    assert (entry.room.name, entry.cost_pence) == ("Ash", 44_999)


def test_every_refused_row_says_each_thing_that_is_wrong(site: str) -> None:
    services.add(site, {"tag": "HS-9", "serial": "TAKEN00001"}, by=BY)
    text = """Tag,Type,Bought,Cost,Serial
,Laptop,,,
HS-1,Spaceship,soon,free,
HS-1,Laptop,,,
HS-1,Laptop,,,
HS-2,Laptop,,,,,extra
"""
    done = taken(site, text)
    found = [(one.row, one.column) for one in done.plan.refused]
    assert found == [
        (2, "Asset tag"),
        (3, "Type"),
        (3, "Bought"),
        (3, "Cost"),
        (5, "Asset tag"),
        (6, ""),
    ]
    assert [one.row for one in done.plan.new] == [4]


def test_all_or_nothing_is_nothing_where_one_row_is_wrong(site: str) -> None:
    with pytest.raises(RegisterError, match="nothing was imported"):
        taken(site, SHEET + "HS-4,Spaceship,,,,,\n", whole=True)
    assert not Asset.objects.exists()
    assert not Room.objects.exists()


def test_a_dry_run_writes_nothing(site: str) -> None:
    sheet = read(SHEET.encode())
    plan = look(site, sheet, guess(sheet.headers), "tag")
    assert len(plan.new) == 3
    assert not Asset.objects.exists()


def test_a_tag_that_another_entry_has_is_refused_where_the_serial_is_the_key(site: str) -> None:
    services.add(site, {"tag": "HS-9", "serial": "5CD0000009"}, by=BY)
    done = taken(site, "Tag,Serial\nHS-9,5CD0000001\nHS-1,5CD0000009\n", "serial")
    assert [(one.row, one.column) for one in done.plan.refused] == [(2, "Asset tag")]
    assert Asset.objects.get(serial="5CD0000009").tag == "HS-1"


def test_a_placeholder_is_no_key_and_disposal_is_not_imported(site: str) -> None:
    done = taken(site, "Serial,Status\nTo be filled by O.E.M.,\n5CD0000001,Disposed\n", "serial")
    assert [one.row for one in done.plan.refused] == [2, 3]
    assert "papers" in done.plan.refused[1].why


def test_a_sheet_without_its_key_is_refused_whole(site: str) -> None:
    with pytest.raises(RegisterError, match="asset tag"):
        taken(site, "Serial\n5CD0000001\n")


def test_an_import_is_undone_in_one_step(site: str) -> None:
    done = taken(site, SHEET)
    assert services.undo(site, done.batch, by=BY).kept == []
    assert set(Asset.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_progress_is_told_until_the_end(site: str) -> None:
    told: list[tuple[int, int]] = []
    text = "Tag\n" + "".join(f"T{n}\n" for n in range(2_500))
    sheet = read(text.encode())
    take(site, sheet, guess(sheet.headers), "tag", by=BY, progress=lambda *n: told.append(n))
    assert told == [(1_000, 2_500), (2_000, 2_500), (2_500, 2_500)]


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("name", "make", "model", "notes", "order", "owner", "funding"), WORDS),
            "kind": st.sampled_from(FIELDS["kind"].choices),
            "cost_pence": st.none() | st.integers(0, 10**9),
            "bought_on": st.dates().map(str).filter(lambda day: "1970" < day < "2100"),
            "condition": st.sampled_from(FIELDS["condition"].choices),
            "ownership": st.sampled_from(FIELDS["ownership"].choices),
        },
    ),
    max_size=6,
)


class RoundTrip(TestCase):
    @settings(max_examples=40)
    @given(ROWS)
    def test_what_is_exported_comes_back_without_a_difference(
        self, rows: list[dict[str, object]]
    ) -> None:
        site = create_site(name="Hill School", at=NOW)
        room = add_room(site, "Oak", by=BY)
        wanted = [{**row, "tag": f"T{n}", "room": room} for n, row in enumerate(rows)]
        services.add_many(site, wanted, by=BY)
        again = taken(site, "".join(exported([site])))
        assert (again.plan.refused, again.plan.new, again.plan.changed) == ([], [], [])
        assert again.plan.same == len(rows)
        other = create_site(name="Dale School", at=NOW)
        taken(other, "".join(exported([site])))
        assert list(exported([other])) == list(exported([site]))
