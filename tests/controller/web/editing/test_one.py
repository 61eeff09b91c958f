"""One entry by hand: made, changed, filled back, released, moved, taken out; and two at once."""

import pytest

from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services
from inventory.assets.fields import FIELDS
from inventory.assets.queries import history
from inventory.identity.recognising import Looks, recognise
from inventory.models import Event, EventNote
from inventory.places.services import add_room, end_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.editing.helpers import by, form_of, held, hidden_in, laptop
from tests.controller.web.test_hostile_strings import FORBIDDEN, HOSTILE, Shape

TYPED = {
    "tag": "WB-0042",
    "kind": "laptop",
    "make": "HP",
    "model": "ProBook 440 G9",
    "cost_pence": "£1,249.50",
    "bought_on": "2024-09-02",
    "warranty_until": "2/9/2027",
    "notes": "Hinge is stiff.\r\nKept by the door.",
}


def test_what_is_typed_is_entered_with_money_in_pounds_and_days_as_people_write_them(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    room = add_room(place.site.id, "Oak", by=by(technician))
    client = signed_in(technician)
    answer = client.post(
        "/register/new/", {**form_of(client, "/register/new/"), **TYPED, "room": room}
    )
    assert answer.status_code == 302
    made = held(place, answer.headers["Location"].split("/")[-2])
    assert (made["cost_pence"], made["bought_on"]) == (124_950, "2024-09-02")
    assert (made["warranty_until"], made["room"], made["state"]) == ("2027-09-02", room, "in_use")
    assert made["notes"] == "Hinge is stiff.\nKept by the door."
    (first,) = history([place.site.id], made["id"])
    assert (first.actor, first.source, first.verb) == (technician.id, "person", "asset.create")


def test_a_form_nobody_touched_changes_nothing(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    room = add_room(place.site.id, "Oak", by=by(technician))
    asset = laptop(
        place, technician, cost_pence=5, notes="one\n\ntwo", room=room, bought_on="1999-12-31"
    )
    before, client = held(place, asset), signed_in(technician)
    answer = client.post(f"/register/{asset}/edit/", form_of(client, f"/register/{asset}/edit/"))
    assert answer.status_code == 302
    assert held(place, asset) == before


def test_a_room_that_is_no_more_stays_where_it_is_named_until_another_is_chosen(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    room = add_room(place.site.id, "Oak", by=by(technician))
    asset = laptop(place, technician)
    end_room(place.site.id, room, by=by(technician))
    client, path = signed_in(technician), f"/register/{asset}/edit/"
    assert "Oak" not in client.get(path).content.decode()
    answer = client.post(path, form_of(client, path) | {"room": room})
    assert answer.status_code == 200
    assert [name for name, _, _ in answer.context["wrong"]] == ["room"]


def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician), signed_in(technician)
    path = f"/register/{asset}/edit/"
    wrong = {"cost_pence": "about £300", "bought_on": "31/2/2024", "supplier": "x" * 200}
    answer = client.post(path, form_of(client, path) | wrong | {"notes": "kept\nwords"})
    assert answer.status_code == 200
    inputs = {one.name: one for part in answer.context["sections"] for one in part.inputs}
    assert {name for name, one in inputs.items() if one.error} == set(wrong)
    assert {name: inputs[name].value for name in wrong} == wrong
    assert inputs["bought_on"].widget == "text"
    assert inputs["notes"].value == "kept\nwords"
    assert held(place, asset)["notes"] == ""


@pytest.mark.parametrize("text", sorted(HOSTILE))
def test_hostile_text_in_any_field_is_refused_or_kept_harmless(
    text: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, said = signed_in(technician), HOSTILE[text][:5_000]
    in_words = [name for name, one in FIELDS.items() if one.kind in {"text", "note"}]
    refused = client.post("/register/new/", dict.fromkeys(FIELDS, said))
    wrong = {name for name, _, _ in refused.context["wrong"]}
    assert set(FIELDS) - set(in_words) <= wrong | {"room", "pool", "parent"}
    kept = client.post("/register/new/", dict.fromkeys(in_words, said[:32]) | {"kind": "laptop"})
    pages = [refused, kept]
    if kept.status_code == 302:
        there = kept.headers["Location"]
        pages += [client.get(there), client.get(f"{there}edit/"), client.get("/register/")]
    for page in pages:
        body, seen = page.content.decode(), Shape()
        seen.feed(body)
        assert not FORBIDDEN & set(body)
        assert seen.handlers == set()
        assert all(one.startswith("/static/caretaker/") for one in seen.scripts)


def test_a_tag_that_is_taken_is_refused_and_the_form_stays_filled(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    laptop(place, technician)
    client = signed_in(technician)
    answer = client.post("/register/new/", {**TYPED, "tag": "WB-0001"})
    assert [name for name, _, _ in answer.context["wrong"]] == ["tag"]
    assert 'value="£1,249.50"' in answer.content.decode()


def test_an_entry_of_nothing_is_not_made(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    answer = signed_in(technician).post("/register/new/", {"kind": "laptop", "notes": "?"})
    assert [name for name, _, _ in answer.context["wrong"]] == ["tag"]


def test_another_like_it_has_everything_but_what_is_each_things_own(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    answer = client.post("/register/new/", {**TYPED, "serial": "5CD1", "again": "1"})
    filled = form_of(client, answer.headers["Location"])
    assert (filled["model"], filled["cost_pence"]) == ("ProBook 440 G9", "1249.50")
    assert (filled["tag"], filled["serial"], filled["notes"]) == ("", "", "")


def test_another_schools_room_or_trolley_cannot_be_chosen(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    room = add_room(elsewhere.site.id, "Theirs", by=by(stranger))
    trolley = laptop(elsewhere, stranger, kind="trolley")
    client = signed_in(technician)
    for wrong in ({"room": room}, {"parent": trolley}):
        answer = client.post("/register/new/", {**TYPED, **wrong})
        assert [name for name, _, _ in answer.context["wrong"]] == list(wrong)
        assert "Theirs" not in answer.content.decode()
    assert "Theirs" not in client.get("/register/new/").content.decode()
    like = laptop(elsewhere, stranger, tag="T-2", model="Secret model")
    assert "Secret model" not in client.get(f"/register/new/?like={like}").content.decode()


def test_two_who_change_the_same_field_see_both_and_lose_nothing(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    office = school.make_person(place.site, Role.BUSINESS_MANAGER)
    asset, client = laptop(place, technician), signed_in(technician)
    path = f"/register/{asset}/edit/"
    mine = form_of(client, path) | {"supplier": "Stone", "condition": "worn", "notes": "a\nb"}
    theirs = form_of(signed_in(office), path) | {"supplier": "XMA", "order": "PO 7"}
    assert signed_in(office).post(path, theirs).status_code == 302
    met = client.post(path, mine)
    assert met.status_code == 200
    found = {one.name: one for one in met.context["meeting"].differences}
    assert set(found) == {"supplier", "order"}
    supplier, order = found["supplier"], found["order"]
    assert (supplier.theirs, supplier.mine, supplier.both, supplier.keep) == (
        "XMA",
        "Stone",
        True,
        "",
    )
    assert (order.theirs, order.mine, order.both, order.keep) == ("PO 7", "", False, "theirs")
    assert str(office) in met.content.decode()
    assert held(place, asset)["supplier"] == "XMA"
    again = hidden_in(met.content.decode())
    assert client.post(path, again).status_code == 200  # whose supplier stays was not said
    assert held(place, asset)["supplier"] == "XMA"
    assert client.post(path, again | {"keep-supplier": "mine"}).status_code == 302
    now = held(place, asset)
    assert (now["supplier"], now["order"]) == ("Stone", "PO 7")
    assert (now["condition"], now["notes"]) == ("worn", "a\nb")


def test_theirs_may_stay_and_what_only_they_changed_may_go(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician, order="PO 1"), signed_in(technician)
    path = f"/register/{asset}/edit/"
    mine = form_of(client, path) | {"supplier": "Stone"}
    services.change(place.site.id, asset, {"supplier": "XMA", "order": "PO 7"}, by=by(technician))
    met = hidden_in(client.post(path, mine).content.decode())
    client.post(path, met | {"keep-supplier": "theirs", "keep-order": "mine"})
    assert (held(place, asset)["supplier"], held(place, asset)["order"]) == ("XMA", "PO 1")


def test_a_third_person_in_between_is_shown_again(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician), signed_in(technician)
    path = f"/register/{asset}/edit/"
    mine = form_of(client, path) | {"supplier": "Stone"}
    services.change(place.site.id, asset, {"supplier": "XMA"}, by=by(technician))
    met = hidden_in(client.post(path, mine).content.decode())
    services.change(place.site.id, asset, {"supplier": "Misco"}, by=by(technician))
    answer = client.post(path, met | {"keep-supplier": "mine"})
    assert answer.status_code == 200
    assert answer.context["meeting"].differences[0].theirs == "Misco"
    assert held(place, asset)["supplier"] == "Misco"


def test_what_another_changed_apart_from_mine_is_shown_before_mine_is_saved(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician), signed_in(technician)
    path = f"/register/{asset}/edit/"
    mine = form_of(client, path) | {"condition": "good"}
    services.move(place.site.id, [asset], "stolen", by=by(technician))
    met = client.post(path, mine)
    assert [change.after for change in met.context["meeting"].also] == ["Stolen"]
    assert held(place, asset)["condition"] == ""
    client.post(path, hidden_in(met.content.decode()))
    assert (held(place, asset)["condition"], held(place, asset)["state"]) == ("good", "stolen")


def reporting(place: Place, user: User) -> str:
    """An entry that a computer made and a person then named otherwise."""
    looks = Looks("FRONT-DESK", "ProBook", "windows", {"serial": ["5CD1234XYZ"]}, "HP")
    found = recognise(place.site.id, looks, bound=(), actor=place.device.id, at=school.NOW)
    assert found.asset_id is not None
    place.device.asset_id = found.asset_id
    place.device.save()
    services.change(place.site.id, found.asset_id, {"name": "Office left"}, by=by(user))
    return found.asset_id


def test_a_report_that_touches_nothing_of_mine_asks_nobody_anything(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = reporting(place, technician), signed_in(technician)
    path = f"/register/{asset}/edit/"
    mine = form_of(client, path) | {"supplier": "Stone"}
    looks = Looks("FRONT-DESK", "ProBook 2", "windows", {"serial": ["5CD1234XYZ"]}, "HP")
    recognise(place.site.id, looks, bound=(asset,), actor=place.device.id, at=school.NOW)
    assert client.post(path, mine).status_code == 302
    assert held(place, asset)["supplier"] == "Stone"


def test_a_field_is_the_computers_again_once_a_person_lets_it_go(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = reporting(place, technician), signed_in(technician)
    path = f"/register/{asset}/edit/"
    page = client.get(path).context["sections"]
    assert [one.name for part in page for one in part.inputs if one.typed] == ["name"]
    both = client.post(path, form_of(client, path) | {"name": "New", "release": "name"})
    assert [name for name, _, _ in both.context["wrong"]] == ["name"]
    assert client.post(path, form_of(client, path) | {"release": "name"}).status_code == 302
    assert held(place, asset)["fixed_by_person"] == []


@pytest.mark.parametrize("seq", ["", "0", "-1", "99", "x", "1" * 400, "²"])
def test_a_form_that_saw_no_event_of_this_entry_is_none(
    seq: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset = laptop(place, technician)
    answer = signed_in(technician).post(f"/register/{asset}/edit/", {"seq": seq, "make": "Dell"})
    assert answer.status_code == 404
    assert held(place, asset)["make"] == "HP"


def test_a_thing_moves_only_where_it_can_and_a_loss_is_explained(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician), signed_in(technician)
    path = f"/register/{asset}/state/"
    assert client.post(path, {"state": "stolen", "seq": "1", "reason": " "}).status_code == 200
    assert client.post(path, {"state": "disposed", "seq": "1", "reason": "x"}).status_code == 200
    assert client.post(path, {"seq": "1"}).status_code == 200
    assert held(place, asset)["state"] == "in_use"
    told = {"state": "stolen", "seq": "1", "reason": "From the hall, crime number 47/9"}
    assert client.post(path, told).status_code == 302
    assert held(place, asset)["state"] == "stolen"
    event = Event.objects.get(verb="asset.state", subject=asset)
    assert EventNote.objects.get(event=event).text == told["reason"]


def test_whoever_moves_a_thing_that_moved_meanwhile_is_told_first(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician), signed_in(technician)
    services.move(place.site.id, [asset], "repair", by=by(technician))
    answer = client.post(f"/register/{asset}/state/", {"state": "stored", "seq": "1"})
    body = answer.content.decode()
    assert "Somebody else changed it meanwhile" in body
    assert "Away for repair" in body
    assert held(place, asset)["state"] == "repair"


def test_a_mistake_is_taken_out_with_a_reason_and_then_stays_as_it_is(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset, client = laptop(place, technician), signed_in(technician)
    path = f"/register/{asset}/withdraw/"
    assert client.post(path, {"seq": "1"}).status_code == 200
    assert client.post(path, {"seq": "1", "reason": "Typed twice"}).status_code == 302
    assert held(place, asset)["state"] == "withdrawn"
    client.post(path, {"seq": "2", "reason": "again"})
    client.post(f"/register/{asset}/edit/", {"seq": "2", "make": "Dell"})
    client.post(f"/register/{asset}/state/", {"seq": "2", "state": "in_use"})
    assert (held(place, asset)["seq"], held(place, asset)["make"]) == (2, "HP")


@pytest.mark.parametrize("what", ["edit", "state", "withdraw"])
def test_nobody_else_changes_an_entry_by_its_address(
    what: str, place: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    asset = laptop(place, technician)
    sent = {"seq": "1", "make": "Dell", "state": "lost", "reason": "x"}
    head, governor = (school.make_person(place.site, one) for one in (Role.SLT, Role.GOVERNOR))
    for user, refused in ((stranger, 404), (governor, 403), (head, 403)):
        assert signed_in(user).post(f"/register/{asset}/{what}/", sent).status_code == refused
    assert held(place, asset)["seq"] == 1


def test_who_only_looks_is_shown_no_button(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    asset = laptop(place, technician)
    head = school.make_person(place.site, Role.SLT)
    for path in ("/register/", f"/register/{asset}/"):
        assert "/new/" not in signed_in(head).get(path).content.decode()
        assert "/new/" in signed_in(technician).get(path).content.decode()


def test_a_keeper_of_one_school_changes_nothing_where_they_only_look(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    school.add_role(technician, elsewhere.site, Role.SLT)
    theirs = laptop(elsewhere, stranger)
    client = signed_in(technician)
    assert client.get(f"/register/{theirs}/").status_code == 200
    assert client.post(f"/register/{theirs}/edit/", {"seq": "1", "make": "X"}).status_code == 404
    path = f"/register/new/?school={elsewhere.site.id}"
    assert client.post(path, TYPED).status_code == 403
