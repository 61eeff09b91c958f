"""The page of labels: what is found, what is printed, what is made void, and whose it is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.config import current, use
from controller.people.models import User
from inventory.assets import services
from inventory.assets.writing import By
from inventory.labels.queries import have_codes, labelled
from inventory.models import Event, LabelCode
from inventory.places.services import add_pool, add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

HOSTILE = "<script>alert(1)</script>"


def stock(place: Place, user: User, number: int = 3, **values: object) -> list[str]:
    """Laptops with tags WB-0001 and on."""
    told = {"kind": "laptop", "make": "HP", "model": "ProBook", **values}
    rows = [{**told, "tag": f"WB-{n:04d}"} for n in range(1, number + 1)]
    return services.add_many(place.site.id, rows, by=By(user.id, school.NOW))


def test_a_room_a_set_tags_and_what_has_no_label_are_found(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    mine = By(technician.id, school.NOW)
    room, pool = add_room(place.site.id, "Oak", by=mine), add_pool(place.site.id, "Y4", by=mine)
    first, second, third = stock(place, technician)
    services.change(place.site.id, first, {"room": room}, by=mine)
    services.change(place.site.id, second, {"pool": pool}, by=mine)
    client = signed_in(technician)

    def found(query: str) -> list[str]:
        return [row.id for row in client.get(f"/register/labels/?{query}").context["chosen"].rows]

    assert found(f"room={room}") == [first]
    assert found(f"pool={pool}") == [second]
    assert found("tags=wb-0003,%20WB-0001;WB-0001") == [first, third]
    assert found("which=none") == [first, second, third]
    assert found(f"entry={third}") == [third]
    assert client.get("/register/labels/").context["chosen"] is None


def test_a_tag_that_nothing_has_is_named(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    stock(place, technician)
    body = signed_in(technician).get("/register/labels/?tags=WB-0001+WB-0009").content.decode()
    assert "Nothing has the tag wb-0009." in body


def test_printing_makes_codes_and_looking_does_not(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    made = stock(place, technician)
    client, data = signed_in(technician), {"entry": made, "paper": "L7651", "names": "yes"}
    look = client.post("/register/labels/", data)
    assert look.context["picture"].startswith("data:image/png;base64,")
    assert LabelCode.objects.count() == 0
    answer = client.post("/register/labels/sheet/", data)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert set(have_codes([place.site.id], made)) == set(made)
    assert Event.objects.filter(verb="labels.print", actor=technician.id).count() == 1


def test_lost_labels_lead_nowhere(place: Place, technician: User, signed_in: SignedIn) -> None:
    made = stock(place, technician)
    client = signed_in(technician)
    client.post("/register/labels/sheet/", {"entry": made, "paper": "L7160"})
    codes = have_codes([place.site.id], made)
    answer = client.post("/register/labels/void/", {"entry": made[:2]}, follow=True)
    assert "2 labels lead nowhere now" in answer.content.decode()
    assert [labelled(codes[one]) is None for one in made] == [True, True, False]


def test_nothing_ticked_prints_nothing_and_says_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    stock(place, technician)
    for where in ("sheet", "void"):
        answer = signed_in(technician).post(f"/register/labels/{where}/", {}, follow=True)
        assert answer.status_code == 200
        assert "Choose 1 to" in answer.content.decode() or "Tick" in answer.content.decode()


def test_another_schools_entries_get_no_label_here(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    theirs = stock(elsewhere, stranger)
    client = signed_in(technician)
    for query in (f"entry={theirs[0]}", "which=none", "tags=WB-0001"):
        assert client.get(f"/register/labels/?{query}").context["chosen"].rows == []
    client.post("/register/labels/sheet/", {"entry": theirs, "paper": "L7160"})
    client.post("/register/labels/void/", {"entry": theirs})
    assert LabelCode.objects.count() == 0


def test_without_a_trusted_name_the_page_says_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    assert "no name yet that phones trust" in client.get("/register/labels/").content.decode()
    before = current()
    use(type(before)(data=before.data, https_name="caretaker.willowbrook.example"))
    try:
        page = client.get("/register/labels/").content.decode()
    finally:
        use(before)
    assert "no name yet that phones trust" not in page


@pytest.mark.parametrize("sent", ["start=-1", "start=99999999", "start=x", "paper=0", "room=%00"])
def test_an_address_that_asks_for_nonsense_gets_what_is_usual(
    sent: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    asked = signed_in(technician).get(f"/register/labels/?which=none&{sent}").context["asked"]
    assert 1 <= asked.start <= 21
    assert asked.paper == "L7160"


def test_what_was_typed_is_text_on_the_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    services.add(place.site.id, {"name": HOSTILE}, by=By(technician.id, school.NOW))
    body = signed_in(technician).get(f"/register/labels/?which=none&tags={HOSTILE}")
    assert HOSTILE not in body.content.decode()
    body = signed_in(technician).get("/register/labels/?which=none")
    assert HOSTILE not in body.content.decode()
    assert "&lt;script&gt;" in body.content.decode()


def test_queries_of_the_page_do_not_grow_with_its_labels(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, made = signed_in(technician), stock(place, technician, 40)
    few, many = (
        queries_of(client, "&".join(f"entry={one}" for one in chosen))
        for chosen in (made[:1], made)
    )
    assert many <= few


def queries_of(client: Client, query: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(f"/register/labels/?{query}").status_code == 200
    return len(context)
