"""Pages of rooms, sets and trolleys: what they say, what they change, and what they refuse."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Asset, Room
from inventory.places.services import add_pool, add_room, change_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

COUNTS = json.loads(Path(__file__).with_name("places_counts.json").read_text("utf-8"))
BY = By("user_1", school.NOW - school.DAY)
HOSTILE = "<script>alert(1)</script>\u202egnp"


def stock(place: Place, number: int, start: int = 0) -> str:
    """Rooms, sets and trolleys with things in them; a trolley."""
    for n in range(start, start + number):
        room = add_room(place.site.id, f"Room {n}", by=BY)
        pool = add_pool(place.site.id, f"Set {n}", by=BY)
        held = services.add(
            place.site.id, {"kind": "trolley", "name": f"T {n}", "room": room}, by=BY
        )
        told = {"kind": "laptop", "room": room, "pool": pool, "parent": held}
        services.add_many(place.site.id, [{**told, "tag": f"{n}-{k}"} for k in range(2)], by=BY)
    return held


def test_the_page_counts_what_is_in_each_place_and_what_is_gone_nowhere(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    stock(place, 1)
    services.withdraw(place.site.id, Asset.objects.get(tag="0-0").id, by=BY)
    page = signed_in(technician).get("/register/places/").context["page"]
    assert [row.number for row in (*page.rooms, *page.pools, *page.trolleys)] == [2, 1, 1]
    assert page.trolleys[0].in_room == "Room 0"


def test_a_trolley_is_made_filled_moved_and_emptied_by_forms(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    oak, elm = (add_room(place.site.id, name, by=BY) for name in ("Oak", "Elm"))
    services.add_many(place.site.id, [{"tag": f"WB-{n}"} for n in range(3)], by=BY)
    sent = {"kind": "trolley", "name": "Y4 trolley", "tag": "TR-4", "room": oak}
    path = client.post("/register/places/add/", sent).headers["Location"]
    answer = client.post(f"{path}put-in/", {"tags": "wb-0\nWB-1\n\nWB-2"}, follow=True)
    assert answer.context["place"].number == 3
    sent = {"name": "Y4 trolley", "tag": "TR-4", "room": elm, "seen": answer.context["place"].seen}
    client.post(f"{path}change/", sent)
    assert set(Asset.objects.exclude(tag="DOOR-1").values_list("room", flat=True)) == {elm}
    ticked = [Asset.objects.get(tag="WB-1").id]
    answer = client.post(f"{path}take-out/", {"thing": ticked}, follow=True)
    assert {thing.tag for thing in answer.context["page"].things} == {"WB-0", "WB-2"}
    client.post(f"{path}empty/", {"to": oak})
    assert set(Asset.objects.filter(room=oak).values_list("tag", flat=True)) == {"WB-0", "WB-2"}


def test_a_line_that_is_no_tag_changes_nothing_and_comes_back_as_typed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    held = stock(place, 1)
    services.add(place.site.id, {"tag": "WB-9"}, by=BY)
    lines = f"WB-9\n{HOSTILE}\n0-0"
    answer = signed_in(technician).post(f"/register/places/{held}/put-in/", {"tags": lines})
    body = answer.content.decode()
    assert "No entry has this tag or serial number: &lt;script&gt;" in body
    assert "\u202e" not in body.split("<textarea")[0]
    assert answer.context["typed"]["tags"] == lines
    assert Asset.objects.get(tag="WB-9").parent is None


def test_two_people_who_change_one_trolley_or_room_meet(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, held = signed_in(technician), stock(place, 1)
    room = Room.objects.get()
    seen = client.get(f"/register/places/{held}/").context["place"].seen
    room_seen = client.get(f"/register/places/{room.id}/").context["place"].seen
    services.change(place.site.id, held, {"notes": "x"}, by=BY)
    change_room(place.site.id, room.id, by=BY, name="Beech")
    answer = client.post(f"/register/places/{held}/change/", {"name": "Mine", "seen": seen})
    assert "Somebody else changed this" in answer.content.decode()
    told = {"name": "Birch", "building": "", "profile": "", "seen": room_seen}
    client.post(f"/register/places/{room.id}/change/", told)
    assert (Asset.objects.get(id=held).name, Room.objects.get().name) == ("T 0", "Beech")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "room", "name": ""}, "A name has 1 to 80 characters."),
        ({"kind": "room", "name": "x" * 81}, "A name has 1 to 80 characters."),
        ({"kind": "room", "name": "Room 0"}, "There is a Room 0 already."),
        ({"kind": "trolley", "name": " "}, "Give the trolley a name."),
        ({"kind": "hut", "name": "x"}, "Say whether it is a room"),
        ({"kind": "pool", "name": "x", "profile": "wizard"}, "Pick from the list"),
    ],
)
def test_a_place_that_cannot_be_is_refused_in_a_sentence(
    sent: dict[str, str], said: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    stock(place, 1)
    body = signed_in(technician).post("/register/places/add/", sent).content.decode()
    assert said in body
    assert Room.objects.count() == 1


def test_a_walking_order_that_is_no_number_is_refused_and_a_good_one_is_kept(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, _ = signed_in(technician), stock(place, 2)
    first, second = Room.objects.order_by("name")
    for bad in ("-1", "x", "٣", "100000"):
        client.post("/register/places/order/", {f"order-{first.id}": bad})
    assert Room.objects.get(id=first.id).order == 0
    client.post("/register/places/order/", {f"order-{first.id}": "2", f"order-{second.id}": "1"})
    page = client.get("/register/places/").context["page"]
    assert [row.name for row in page.rooms] == ["Room 1", "Room 0"]


def test_a_room_ends_when_its_things_have_somewhere_to_go(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, _ = signed_in(technician), stock(place, 2)
    first, second = Room.objects.order_by("name")
    refused = client.post(f"/register/places/{first.id}/end/").content.decode()
    assert "Move what is in it somewhere else first (3)." in refused
    client.post(f"/register/places/{first.id}/end/", {"to": second.id})
    assert client.get(f"/register/places/{first.id}/").status_code == 404
    assert Asset.objects.filter(room=second).count() == 6


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_of_places_costs_the_same_whatever_is_in_them(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    held = stock(place, 1)
    room = Room.objects.get().id
    for round_ in (1, 2):
        stock(place, 1 if round_ == 1 else 9, start=round_ * 100)
        ids = list(Asset.objects.filter(kind="laptop").values_list("id", flat=True))
        services.change_many(
            place.site.id, {one: {"parent": held, "room": room} for one in ids}, by=BY
        )
        path = COUNTS[name]["path"].format(room=room, trolley=held)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counted.append(len(caught))
    assert counted == [COUNTS[name]["queries"]] * 2
