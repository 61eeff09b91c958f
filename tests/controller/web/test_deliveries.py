"""The pages of deliveries: looked at first, entered once, ticked, and whose they are."""

import pytest

from controller.people.models import User
from inventory.models import Asset, Delivery
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

TYPED = {
    "name": "Year 5 laptops",
    "kind": "laptop",
    "make": "HP",
    "model": "ProBook 440 G9",
    "serials": "5CG0001X\n5CG0002X\n5CG0003X",
    "tags": "WB-[0101-0103]",
    "cost_pence": "£449.00",
    "warranty_until": "2029-08-31",
}
HOSTILE = "<script>alert(1)</script>"


def entered(place: Place, user: User, signed_in: SignedIn) -> str:
    """A delivery, by the form."""
    signed_in(user).post("/register/deliveries/", {**TYPED, "step": "enter"})
    return Delivery.objects.get(site=place.site).id


def test_looking_enters_nothing_and_keeps_what_was_typed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).post("/register/deliveries/", {**TYPED, "step": "look"})
    assert len(answer.context["planned"].rows) == 3
    body = answer.content.decode()
    for said in ("3 things would be entered", "WB-[0101-0103]", "£449.00", "5CG0002X"):
        assert said in body
    assert Asset.objects.filter(site=place.site).count() == 0


def test_it_is_entered_ticked_and_counted_with_what_reports(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    delivery = entered(place, technician, signed_in)
    rows = list(Asset.objects.filter(site=place.site).order_by("tag"))
    assert [(row.tag, row.cost_pence, row.warranty_until) for row in rows] == [
        (f"WB-010{n}", 44_900, "2029-08-31") for n in (1, 2, 3)
    ]
    client, path = signed_in(technician), f"/register/deliveries/{delivery}/"
    school.make_device(place.site, "NEW-1", asset_id=rows[0].id, n_pass=1).save()
    answer = client.post(f"{path}arrived/", {"scanned": "5cg0001x\nNOT-OURS"}, follow=True)
    body = answer.content.decode()
    assert "1 of 3 arrived, 1 reporting." in body
    assert "NOT-OURS" in body
    assert "1 of 3 arrived" in client.get("/register/deliveries/").content.decode()


def test_the_whole_is_taken_back(place: Place, technician: User, signed_in: SignedIn) -> None:
    delivery = entered(place, technician, signed_in)
    client = signed_in(technician)
    client.post(f"/register/deliveries/{delivery}/undo/")
    assert set(Asset.objects.filter(site=place.site).values_list("state", flat=True)) == {
        "withdrawn"
    }
    assert client.get(f"/register/deliveries/{delivery}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tags": "WB-[0101-0102]"}, "These are 2 tags for 3 things"),
        ({"serials": "5CG0001X\n5CG-0001X"}, "is there twice"),
        ({"cost_pence": "a lot"}, "Cost"),
        ({"warranty_until": "31.02.2027"}, "Warranty"),
        ({"name": ""}, "Say what this delivery is"),
        ({"room": "room_nowhere"}, "Room"),
        ({"kind": "spaceship"}, "Kind"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    change: dict[str, str], said: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    typed = {**TYPED, **change, "supplier": "Stone & Sons", "step": "enter"}
    answer = signed_in(technician).post("/register/deliveries/", typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "Stone &amp; Sons" in answer.content.decode()
    assert Asset.objects.filter(site=place.site).count() == 0


def test_what_was_typed_is_text(place: Place, technician: User, signed_in: SignedIn) -> None:
    typed = {**TYPED, "name": HOSTILE, "supplier": HOSTILE}
    client = signed_in(technician)
    for step in ("look", "enter"):
        answer = client.post("/register/deliveries/", {**typed, "step": step}, follow=True)
        assert HOSTILE not in answer.content.decode()
    assert HOSTILE not in client.get("/register/deliveries/").content.decode()


def test_another_schools_delivery_shows_nowhere(
    place: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    entered(place, technician, signed_in)
    body = signed_in(stranger).get("/register/deliveries/").content.decode()
    assert "<strong>Year 5 laptops</strong>" not in body
