"""Many entries changed in one step: previewed, confirmed once, taken back once; and two at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services, several
from inventory.models import AssetEvent, Event
from inventory.places.services import add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.editing.helpers import by, held, hidden_in, laptop
from tests.controller.web.test_hostile_strings import FORBIDDEN, HOSTILE, Shape

COUNTS = json.loads(Path(__file__).with_name("query_counts.json").read_text("utf-8"))
SEVERAL = "/register/several/"


def fleet(place: Place, user: User, number: int, tag: str = "T-", **values: object) -> list[str]:
    """Laptops that differ by their tag."""
    told = {"kind": "laptop", "make": "HP", **values}
    rows = [{**told, "tag": f"{tag}{n:04d}"} for n in range(number)]
    return services.add_many(place.site.id, rows, by=by(user))


def ask(client: Client, place: Place, ids: list[str], **fields: str) -> Any:
    """Go as far as the preview."""
    sent = {f"set-{name}": value for name, value in fields.items() if name != "reason"}
    sent |= {"school": place.site.id, "assets": ",".join(ids), "stage": "preview"}
    return client.post(SEVERAL, sent | {"reason": fields.get("reason", "")})


def confirm(client: Client, preview: Any) -> Any:
    """Press the one button."""
    return client.post(SEVERAL, hidden_in(preview.content.decode()) | {"stage": "do"})


def test_a_room_for_thirty_is_seen_first_done_once_and_taken_back_once(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    oak, elm = (add_room(place.site.id, name, by=by(technician)) for name in ("Oak", "Elm"))
    ids = [*fleet(place, technician, 20, room=oak), laptop(place, technician, room=elm)]
    client = signed_in(technician)
    assert client.post(SEVERAL, {"school": place.site.id, "asset": ids}).status_code == 200
    seen = ask(client, place, ids, room=elm, bought_on="1/9/2024", cost_pence="£320")
    page = seen.context["preview"]
    assert (page.number, page.same, page.left) == (21, 0, [])
    fields = {one.title: one for one in page.fields}
    assert fields["Room"].before == [("Oak", 20)]
    assert (fields["Room"].after, fields["Bought on"].after) == ("Elm", "1 September 2024")
    assert held(place, ids[0])["room"] == oak
    lines = Event.objects.count()
    done = confirm(client, seen)
    assert done.status_code == 302
    assert Event.objects.count() == lines + 1
    assert {held(place, one)["room"] for one in ids} == {elm}
    assert {held(place, one)["cost_pence"] for one in ids} == {32_000}
    step = done.headers["Location"]
    services.change(place.site.id, ids[3], {"cost_pence": 1}, by=by(technician, school.NOW))
    shown = client.get(step).context["page"]
    assert (shown.number, shown.who, shown.may_undo) == (21, "Tariq Aziz", True)
    assert [row.id for row in shown.rows if not row.stands] == [ids[3]]
    answer = client.post(f"{step}undo/", follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "20 entries are as before." in said
    assert "T-0003" in said
    assert held(place, ids[3])["room"] == elm
    assert held(place, ids[0])["room"] == oak
    assert not client.get(step).context["page"].may_undo
    client.post(f"{step}undo/")
    assert held(place, ids[0])["room"] == oak


def test_what_is_empty_in_the_form_stays_and_what_is_to_be_emptied_is_ticked(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids = fleet(place, technician, 3, supplier="XMA", notes="keep", cost_pence=5)
    client = signed_in(technician)
    sent = {"school": place.site.id, "assets": ",".join(ids), "stage": "preview"}
    sent |= {"empty-supplier": "1", "empty-cost_pence": "1", "set-notes": "", "set-room": ""}
    assert confirm(client, client.post(SEVERAL, sent)).status_code == 302
    now = held(place, ids[0])
    assert (now["supplier"], now["cost_pence"], now["notes"]) == ("", None, "keep")
    both = client.post(SEVERAL, sent | {"set-supplier": "Stone"})
    assert both.context["wrong"] == ["Either empty it, or say what it should be: not both."]


def test_state_and_place_are_one_step_and_what_cannot_move_is_named(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    oak = add_room(place.site.id, "Oak", by=by(technician))
    ids = fleet(place, technician, 6)
    services.move(place.site.id, [ids[0]], "retired", by=by(technician))
    services.move(place.site.id, [ids[2]], "repair", by=by(technician))
    services.withdraw(place.site.id, ids[1], by=by(technician))
    client = signed_in(technician)
    seen = ask(client, place, ids, state="repair", room=oak)
    left = {asset_id: why for asset_id, _, why in seen.context["preview"].left}
    assert set(left) == {ids[0], ids[1]}
    step = confirm(client, seen).headers["Location"]
    assert [held(place, one)["state"] for one in ids[2:]] == ["repair"] * 4
    assert {held(place, one)["room"] for one in ids[2:]} == {oak}
    client.post(f"{step}undo/")
    assert [held(place, one)["state"] for one in ids[2:]] == ["repair"] + ["in_use"] * 3
    assert {held(place, one)["room"] for one in ids} == {""}


@pytest.mark.parametrize("state", ["lost", "stolen", "retired"])
def test_a_loss_of_many_is_explained_too(
    state: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 2), signed_in(technician)
    without = ask(client, place, ids, state=state, reason=" ")
    assert without.context["wrong_reason"]
    assert confirm(client, ask(client, place, ids, state=state, reason="Fire")).status_code == 302
    assert {held(place, one)["state"] for one in ids} == {state}


def test_whoever_confirms_gets_what_was_shown_or_is_shown_what_changed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 3), signed_in(technician)
    seen = ask(client, place, ids, supplier="Stone")
    services.change(place.site.id, ids[1], {"supplier": "XMA"}, by=by(technician))
    again = confirm(client, seen)
    assert again.status_code == 200
    assert "Meanwhile something changed" in again.content.decode()
    assert again.context["preview"].fields[0].before == [("empty", 2), ("XMA", 1)]
    assert held(place, ids[0])["supplier"] == ""
    assert confirm(client, again).status_code == 302
    assert {held(place, one)["supplier"] for one in ids} == {"Stone"}


def test_all_that_a_search_finds_is_found_again_when_it_is_confirmed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 130), signed_in(technician)
    laptop(place, technician, make="Dell", tag="D-1")
    page = client.get("/register/?q=HP")
    assert page.context["search"] == "q=HP"
    sent = {"school": place.site.id, "all": "1", "search": "q=HP", "stage": "preview"}
    seen = client.post(SEVERAL, sent | {"set-supplier": "Stone"})
    assert seen.context["preview"].number == 130
    late = laptop(place, technician, tag="LATE")
    again = confirm(client, seen)
    assert again.context["preview"].number == 131
    assert held(place, late)["supplier"] == ""
    confirm(client, again)
    assert {held(place, one)["supplier"] for one in (*ids, late)} == {"Stone"}
    assert AssetEvent.objects.filter(verb="asset.change").count() == 131


def test_more_than_the_bound_is_refused_in_a_sentence(
    place: Place, technician: User, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "MOST", 5)
    ids, client = fleet(place, technician, 6), signed_in(technician)
    sent = {"school": place.site.id, "all": "1", "search": ""}
    for wrong in (sent, {"school": place.site.id, "asset": ids}):
        answer = client.post(SEVERAL, wrong, follow=True)
        assert "At most 5 are changed at once" in answer.content.decode()
    assert client.post(SEVERAL, {"school": place.site.id, "asset": ids[:5]}).status_code == 200


def test_nothing_ticked_and_nothing_asked_are_said(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 1), signed_in(technician)
    answer = client.post(SEVERAL, {"school": place.site.id}, follow=True)
    assert "Tick at least one entry first." in answer.content.decode()
    assert ask(client, place, ids).context["wrong"] == ["Say first what all of them should become."]


def test_a_trolley_is_not_kept_in_what_it_holds(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    big = laptop(place, technician, kind="trolley", tag="BIG")
    small = laptop(place, technician, kind="trolley", tag="SMALL", parent=big)
    tablet = laptop(place, technician, kind="tablet", tag="IPAD")
    client = signed_in(technician)
    seen = ask(client, place, [big, small, tablet], parent=small)
    assert {asset_id for asset_id, _, _ in seen.context["preview"].left} == {big, small}
    confirm(client, seen)
    assert (held(place, tablet)["parent"], held(place, big)["parent"]) == (small, "")


@pytest.mark.parametrize("text", sorted(HOSTILE))
def test_hostile_text_in_any_field_of_many_changes_nothing_it_should_not(
    text: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client, said = fleet(place, technician, 2), signed_in(technician), HOSTILE[text][:2_000]
    every = dict.fromkeys((*several.SHARED, "state"), said)
    notes = {"notes": said, "supplier": said[:60], "reason": said[:200]}
    pages = [ask(client, place, ids, **every), ask(client, place, ids, **notes)]
    assert "wrong" in pages[0].context
    done = confirm(client, pages[1])
    pages.append(client.get(done.headers["Location"]) if done.status_code == 302 else done)
    search = {"school": place.site.id, "all": "1", "search": said}
    pages.append(client.post(SEVERAL, search, follow=True))
    for page in pages:
        body, seen = page.content.decode(), Shape()
        seen.feed(body)
        assert not FORBIDDEN & set(body)
        assert seen.handlers == set()
        assert all(one.startswith("/static/caretaker/") for one in seen.scripts)
    assert {held(place, one)["make"] for one in ids} == {"HP"}


@pytest.mark.parametrize("field", sorted(several.OWN))
def test_what_each_thing_has_of_its_own_is_not_given_to_many(
    field: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 2), signed_in(technician)
    assert ask(client, place, ids, **{field: "X"}).context["wrong"]
    assert held(place, ids[0])[field] != "X"


def test_nobody_changes_many_at_a_school_where_they_may_not(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    ours, theirs = fleet(place, technician, 2), fleet(elsewhere, stranger, 2)
    school.add_role(technician, elsewhere.site, Role.SLT)
    client = signed_in(technician)
    mixed = ask(client, place, [*ours, theirs[0]], supplier="Stone")
    looking = ask(client, elsewhere, theirs, supplier="Stone")
    hostile = ask(client, place, ["asset_\0", "é"], supplier="Stone")
    assert [one.status_code for one in (mixed, looking, hostile)] == [404, 404, 404]
    assert {held(elsewhere, one)["supplier"] for one in theirs} == {""}


def test_a_step_of_another_school_is_neither_seen_nor_taken_back(
    place: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 2), signed_in(technician)
    step = confirm(client, ask(client, place, ids, supplier="Stone")).headers["Location"]
    assert signed_in(stranger).get(step).status_code == 404
    assert signed_in(stranger).post(f"{step}undo/").status_code == 404
    head = school.make_person(place.site, Role.SLT)
    assert signed_in(head).get(step).status_code == 200
    assert not signed_in(head).get(step).context["page"].may_undo
    assert signed_in(head).post(f"{step}undo/").status_code == 403
    assert held(place, ids[0])["supplier"] == "Stone"


def test_a_long_step_is_shown_a_hundred_at_a_time(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    ids, client = fleet(place, technician, 101), signed_in(technician)
    step = confirm(client, ask(client, place, ids, supplier="Stone")).headers["Location"]
    first = client.get(step).context["page"]
    rest = client.get(f"{step}?after={first.next}").context["page"]
    assert [row.id for row in (*first.rows, *rest.rows)] == sorted(ids)
    assert rest.next == ""
    assert client.get(f"{step}?after=%00x").status_code == 200


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_about_sixty_asks_no_more_questions_than_one_about_three(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for number in (3, 60):
        ids = fleet(place, technician, number, f"{number}-")
        path = ask_for(name, client, place, ids)
        path()  # what is remembered between pages is asked for once
        with CaptureQueriesContext(connection) as caught:
            assert path().status_code in {200, 302}
        counted.append(len(caught))
    assert counted == [COUNTS[name]] * 2


def ask_for(name: str, client: Client, place: Place, ids: list[str]) -> Any:
    """One of the pages, about to be asked for."""
    if name == "new":
        return lambda: client.get("/register/new/")
    if name == "edit":
        return lambda: client.get(f"/register/{ids[0]}/edit/")
    everything = {"school": place.site.id, "all": "1", "search": "q=HP", "set-supplier": "Stone"}
    if name == "several":
        return lambda: client.post(SEVERAL, everything)
    if name == "preview":
        return lambda: client.post(SEVERAL, everything | {"stage": "preview"})
    step = confirm(client, ask(client, place, ids, supplier="Stone")).headers["Location"]
    return lambda: client.get(step)
