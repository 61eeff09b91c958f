"""The September page: filled in, looked at, done in one step, taken back."""

import re

from controller.people.models import User
from inventory.allocation import people
from inventory.allocation.services import allocate
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Asset, Person, Rollover
from inventory.places.services import add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

BY = By("user_1", school.NOW - school.DAY)
HOSTILE = "<script>alert(1)</script>"


def classes(place: Place) -> dict[str, str]:
    """Two rooms with two things each."""
    rooms = {name: add_room(place.site.id, name, by=BY) for name in ("Oak", "Elm")}
    for name, room in rooms.items():
        rows = [{"tag": f"{name}-{n}", "kind": "laptop", "room": room} for n in range(2)]
        services.add_many(place.site.id, rows, by=BY)
    return rooms


def where(tag: str) -> str:
    return Asset.objects.get(tag=tag).room_id or ""


def test_two_classes_swap_on_the_page_and_go_back(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, rooms = signed_in(technician), classes(place)
    sent = {f"place-{rooms['Oak']}": "elm", f"place-{rooms['Elm']}": " OAK "}
    page = client.post("/register/rollover/preview/", sent)
    moves = {(m.source, m.to, m.number) for m in page.context["preview"].moves}
    assert moves == {("Oak", "Elm", 2), ("Elm", "Oak", 2)}
    assert where("Oak-0") == rooms["Oak"]
    sent["mark"] = page.context["preview"].mark
    done = client.post("/register/rollover/do/", sent).headers["Location"]
    assert (where("Oak-0"), where("Elm-1")) == (rooms["Elm"], rooms["Oak"])
    assert "4 things moved" in client.get(done).content.decode()
    back = client.post(f"{done}undo/", follow=True).content.decode()
    assert "4 changes taken back." in back
    assert (where("Oak-0"), where("Elm-1")) == (rooms["Oak"], rooms["Elm"])
    again = client.post(f"{done}undo/", follow=True).content.decode()
    assert "This is taken back already." in again


def test_what_changed_meanwhile_is_shown_before_it_is_done(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, rooms = signed_in(technician), classes(place)
    sent = {f"place-{rooms['Oak']}": "Elm"}
    sent["mark"] = client.post("/register/rollover/preview/", sent).context["preview"].mark
    services.add(place.site.id, {"tag": "Oak-9", "room": rooms["Oak"]}, by=BY)
    answer = client.post("/register/rollover/do/", sent)
    assert "Something changed since you looked" in answer.content.decode()
    assert answer.context["preview"].moves[0].number == 3
    assert where("Oak-0") == rooms["Oak"]
    assert not Rollover.objects.exists()


def test_nothing_is_done_that_was_not_looked_at(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, rooms = signed_in(technician), classes(place)
    client.post("/register/rollover/do/", {f"place-{rooms['Oak']}": "Elm"})
    assert where("Oak-0") == rooms["Oak"]


def test_people_take_over_and_leave_and_what_leavers_keep_is_said(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, _ = signed_in(technician), classes(place)
    ada, ben, cy = (
        people.add_person(place.site.id, name, "staff", by=BY) for name in ("Ada", "Ben", "Cy")
    )
    tags = {tag: Asset.objects.get(tag=tag).id for tag in ("Oak-0", "Elm-0")}
    allocate(place.site.id, [tags["Oak-0"]], ada, by=BY)
    allocate(place.site.id, [tags["Elm-0"]], cy, by=BY)
    sent = {"hand-from": ["Ada", ""], "hand-to": ["Ben", ""], "leavers": "ada\nCy\n"}
    answer = client.post("/register/rollover/preview/", sent).content.decode()
    assert "Say on which day they leave." in answer
    sent["left_on"] = "2026-08-31"
    page = client.post("/register/rollover/preview/", sent)
    assert "still has 1 thing" in page.content.decode()
    carried = re.findall(r'name="(hand-\w+)" value="(\w+)"', page.content.decode())
    assert ("hand-from", "Ada") in carried
    sent["mark"] = page.context["preview"].mark
    client.post("/register/rollover/do/", sent)
    assert Asset.objects.get(tag="Oak-0").holder == ben
    assert Person.objects.get(id=cy).left_on == "2026-08-31"


def test_a_name_that_nobody_has_is_said_and_what_was_typed_comes_back(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, rooms = signed_in(technician), classes(place)
    sent = {f"place-{rooms['Oak']}": HOSTILE, "leavers": "Elm\n", "hand-from": "x", "hand-to": "y"}
    body = client.post("/register/rollover/preview/", sent).content.decode()
    assert "pick a name from the list" in body
    assert HOSTILE not in body
    assert 'value="&lt;script&gt;alert(1)' in body
    assert ">Elm\n</textarea>" in body
    assert 'value="x"' in body


def test_another_schools_rooms_are_neither_offered_nor_taken(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    add_room(elsewhere.site.id, "Theirs", by=BY)
    client, rooms = signed_in(technician), classes(place)
    assert "Theirs" not in client.get("/register/rollover/").content.decode()
    body = client.post("/register/rollover/preview/", {f"place-{rooms['Oak']}": "Theirs"})
    assert body.context["problem"] is not None


def test_a_trolley_is_counted_lent_and_brought_back_on_its_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    held = services.add(place.site.id, {"kind": "trolley", "name": "Y4"}, by=BY)
    rows = [{"tag": f"WB-{n}", "parent": held} for n in range(16)]
    ids = services.add_many(place.site.id, rows, by=BY)
    path = f"/register/places/{held}/"
    tags = "\n".join(f"WB-{n}" for n in range(15))
    body = client.post(f"{path}count/", {"tags": tags}, follow=True).content.decode()
    assert "15 of 16 here" in body
    assert re.search(r"Missing then: <a [^>]*>[^<]*WB-15</a>", body)
    people.add_person(place.site.id, "Maya Jones", "staff", by=BY)
    sent = {"person": "maya jones", "due_on": "2026-12-01"}
    assert client.post(f"{path}lend/", {**sent, "due_on": "1/12"}).context["problem"] is not None
    client.post(f"{path}lend/", sent)
    assert Asset.objects.exclude(holder="").count() == 17
    body = client.post(f"{path}back/", {"thing": ids[:15]}, follow=True).content.decode()
    assert "(Maya Jones has it)" in body
    assert list(Asset.objects.exclude(holder="").values_list("id", flat=True)) == ids[15:]
