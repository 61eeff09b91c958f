"""The register's pages: what is listed, what one entry says, and that nothing of another school
shows.
"""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from controller.register import entry as entries
from controller.register import listing as lists
from controller.wording.words import words
from inventory.allocation import people
from inventory.allocation.services import Terms, allocate, take_back
from inventory.assets import queries as assets
from inventory.assets import services
from inventory.assets.fields import FIELDS
from inventory.assets.queries import DUES, GAPS
from inventory.assets.states import STATES
from inventory.assets.writing import By
from inventory.identity.merging import merge
from inventory.identity.recognising import Looks, recognise
from inventory.places.services import add_pool, add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

COUNTS = json.loads(Path(__file__).with_name("register_counts.json").read_text("utf-8"))
HOSTILE = "<script>alert(1)</script>\u202egnp"


def by(user: User, at: int = school.NOW - school.DAY) -> By:
    return By(user.id, at)


def laptop(place: Place, user: User, **values: object) -> str:
    """An entry a person made."""
    told = {"tag": "WB-0001", "kind": "laptop", "make": "HP", "model": "ProBook 440 G9"}
    return services.add(place.site.id, {**told, **values}, by=by(user))


def stock(place: Place, user: User, number: int, start: int = 0) -> None:
    """Entries in rooms and sets, given to people, that report."""
    mine = by(user)
    room = add_room(place.site.id, f"Room {start}", by=mine, building="Oak")
    pool = add_pool(place.site.id, f"Set {start}", by=mine)
    one = people.add_person(place.site.id, f"Maya {start}", "staff", by=mine)
    told = {"kind": "laptop", "room": room, "pool": pool, "make": "HP"}
    rows = [{**told, "tag": f"T{start + n}", "name": f"N-{start + n:04d}"} for n in range(number)]
    made = services.add_many(place.site.id, rows, by=mine)
    allocate(place.site.id, made, one, by=mine)
    for asset_id in made:
        school.make_device(place.site, f"D-{asset_id}", asset_id=asset_id, n_pass=3).save()


def test_the_list_says_what_it_is_where_it_is_and_who_has_it(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    mine = by(technician)
    room = add_room(place.site.id, "Oak", by=mine, building="Hill block")
    teacher = people.add_person(place.site.id, "Maya Jones", "staff", by=mine)
    asset = laptop(place, technician, room=room)
    allocate(place.site.id, [asset], teacher, by=mine, terms=Terms(due_on="2026-11-20"))
    (row,) = signed_in(technician).get("/register/").context["page"].rows
    assert (row.name, row.kind, row.tag) == ("HP ProBook 440 G9", "Laptop", "WB-0001")
    assert (row.place, row.holder) == ("Hill block, Oak", "Maya Jones")
    assert (row.due, row.overdue) == ("20 November 2026", True)
    assert row.computer is None
    page = signed_in(technician).get(f"/register/{asset}/").context["page"]
    assert (page.holder, page.due, page.overdue) == ("Maya Jones", "20 November 2026", True)


def test_what_is_counted_by_state_adds_up_and_what_is_gone_counts_nowhere(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    made = [laptop(place, technician, tag=f"WB-{n}") for n in range(4)]
    services.move(place.site.id, [made[0]], "repair", by=by(technician))
    services.withdraw(place.site.id, made[1], by=by(technician))
    client = signed_in(technician)
    page = client.get("/register/").context["page"]
    assert (page.total, page.owned, len(page.rows)) == (3, 3, 3)
    assert {tab.name: tab.number for tab in page.tabs} == {"in_use": 2, "repair": 1, "withdrawn": 1}
    gone = client.get("/register/?state=withdrawn").context["page"]
    assert [row.id for row in gone.rows] == [made[1]]


def test_two_hundred_and_one_entries_are_three_pages_without_a_gap(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    rows = [{"tag": f"T{n}", "name": f"N-{n:03d}"} for n in range(201)]
    services.add_many(place.site.id, rows, by=by(technician))
    client, seen, after = signed_in(technician), [], ""
    for _ in range(3):
        page = client.get("/register/", {"after": after}).context["page"]
        seen += [row.name for row in page.rows]
        after = page.next
    assert seen == [f"N-{n:03d}" for n in range(201)]
    assert after == ""


def test_an_entry_tells_its_fields_and_what_happened_to_it_in_words(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset = laptop(place, technician, cost_pence=124_950, bought_on="2024-09-02")
    room = add_room(place.site.id, "Oak", by=by(technician))
    changes = {"room": room, "condition": "worn", "cost_pence": 120_000}
    services.change(place.site.id, asset, changes, by=by(technician, school.NOW))
    page = signed_in(technician).get(f"/register/{asset}/").context["page"]
    told = {line.title: line.text for group in page.groups for line in group.lines}
    assert told["Cost"] == "£1,200.00"
    assert told["Bought on"] == "2 September 2024"
    assert told["Room"] == "Oak"
    newest, first = page.past
    assert (newest.what, newest.who, first.what) == ("Changed", "Tariq Aziz", "Entered")
    assert {(c.title, c.before, c.after) for c in newest.changes} == {
        ("Room", "", "Oak"),
        ("Condition", "", "Worn"),
        ("Cost", "£1,249.50", "£1,200.00"),
    }
    assert page.missing == ["Serial number", "Warranty until"]


def test_an_entry_and_the_computer_that_reports_as_it_lead_to_each_other(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    looks = Looks("FRONT-DESK", "ProBook", "windows", {"serial": ["5CD1234XYZ"]}, "HP")
    found = recognise(place.site.id, looks, bound=(), actor=place.device.id, at=school.NOW)
    place.device.asset_id = found.asset_id
    place.device.save()
    client = signed_in(technician)
    there = client.get(f"/register/{found.asset_id}/")
    assert there.context["page"].past[0].who == "by the computer’s own report"
    assert f'href="/computers/{place.device.id}/"' in there.content.decode()
    back = client.get(f"/computers/{place.device.id}/").content.decode()
    assert f'href="/register/{found.asset_id}/"' in back


def test_an_entry_that_was_another_one_leads_there(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    keep, leave = laptop(place, technician), laptop(place, technician, tag="WB-0002")
    merge(place.site.id, keep, leave, by=by(technician))
    body = signed_in(technician).get(f"/register/{leave}/").content.decode()
    assert f'href="/register/{keep}/"' in body


def test_a_person_who_was_erased_has_no_name_on_a_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    mine, asset = by(technician), laptop(place, technician)
    teacher = people.add_person(place.site.id, "Maya Jones", "staff", by=mine)
    allocate(place.site.id, [asset], teacher, by=mine)
    later = by(technician, school.NOW)
    take_back(place.site.id, [asset], by=later)
    people.erase(place.site.id, teacher, by=later)
    body = signed_in(technician).get(f"/register/{asset}/").content.decode()
    assert "Maya" not in body
    assert "somebody whose name was erased" in body


def test_what_was_typed_into_a_field_is_text_on_both_pages(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset = laptop(place, technician, name=HOSTILE, notes=f"{HOSTILE}\nline two")
    for path in ("/register/", f"/register/{asset}/"):
        body = signed_in(technician).get(path).content.decode()
        assert "<script>alert" not in body
        assert "\u202e" not in body


def test_another_schools_things_rooms_and_people_show_nowhere(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    stock(elsewhere, stranger, 2)
    laptop(place, technician)
    client = signed_in(technician)
    for query in ("", "?school=all", "?q=N-0000", "?state=in_use&school=all"):
        body = client.get(f"/register/{query}").content.decode()
        assert not [said for said in ("N-0000</a>", "Maya 0", "Room 0", "Set 0") if said in body]


def test_a_question_nobody_understands_lists_everything(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    laptop(place, technician)
    query = "?state=x&kind=y&gap=z&due=w&sort=v&after=%00&room=nowhere%00"
    assert signed_in(technician).get(f"/register/{query}").status_code == 200


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_of_the_register_costs_the_same_whatever_its_length(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for round_ in (1, 2):
        stock(place, technician, 1 if round_ == 1 else 60, start=round_ * 100)
        client.get(COUNTS[name]["path"])
        with CaptureQueriesContext(connection) as caught:
            assert client.get(COUNTS[name]["path"]).status_code == 200
        counted.append(len(caught))
    assert counted == [COUNTS[name]["queries"]] * 2


def test_a_long_history_shows_its_newest_events_and_says_how_many_came_before(
    place: Place, technician: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MOST_PAST", 2)
    asset = laptop(place, technician)
    for number in range(3):
        services.change(place.site.id, asset, {"notes": f"note {number}"}, by=by(technician))
    page = signed_in(technician).get(f"/register/{asset}/").context["page"]
    assert [event.changes[0].after for event in page.past] == ["note 2", "note 1"]
    assert page.earlier == 2


def test_every_state_group_choice_gap_and_day_of_the_register_has_words() -> None:
    known = words().register
    assert set(known.states) == {*STATES, "other"}
    assert set(known.groups) == {field.group for field in FIELDS.values()}
    assert set(known.gaps) == set(GAPS)
    assert set(known.dues) == set(DUES)
    for name, field in FIELDS.items():
        if field.choices and name != "kind":
            assert set(known.choices[name]) == set(filter(None, field.choices))


def test_a_number_that_was_not_counted_out_is_not_given_as_one(
    place: Place, technician: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(technician)
    for n in range(4):
        laptop(place, technician, tag=f"M-{n}", notes="maple")
    for module in (assets, lists):
        monkeypatch.setattr(module, "MOST_COUNTED", 3)
    text = client.get("/register/?q=maple").content.decode()
    assert "More than 3 entries found" in text
    assert 'name="all"' not in text
    monkeypatch.setattr(assets, "MOST_COUNTED", 4)
    text = client.get("/register/?q=maple").content.decode()
    assert ">4 entries found" in text
