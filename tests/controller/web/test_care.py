"""Pages of recurring care: the due list by room, noting it done, what failed, and whose it is."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.care import kinds, services
from inventory.care.kinds import Wanted
from inventory.models import Asset, Care, CareDone, CareKind
from inventory.places.services import add_room, order_rooms
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.documents import files

COUNTS = json.loads(Path(__file__).with_name("care_counts.json").read_text("utf-8"))
BY = By("system", school.NOW)
HOSTILE = "<script>alert(1)</script>\u202egnp"
TOLD = {"who": "Sparks Ltd", "on": "2026-11-20", "note": "New lead"}


def stock(place: Place, number: int, start: int = 0) -> str:
    """Rooms with a projector each, due at the end of September; the kind of care."""
    site = place.site.id
    kind = CareKind.objects.filter(site=site).first()
    made = kind.id if kind else kinds.add(site, Wanted("Projector filter", 3), by=BY)
    for n in range(start, start + number):
        room = add_room(site, f"Room {n}", by=BY)
        thing = assets.add(site, {"kind": "projector", "tag": f"P-{n}", "room": room}, by=BY)
        services.begin(site, made, [thing], "2026-09-30", by=BY)
    return made


def sent(result: str = "pass", **more: object) -> dict[str, object]:
    """The form as the page has it, with the same result for everything."""
    rows = Care.objects.order_by("id")
    marks = {row.id: result for row in rows} | {f"seen-{row.id}": row.seq for row in rows}
    return {**marks, **TOLD, **more}


def note(client: Client, kind: str, result: str = "pass", **more: object) -> str:
    """Note it by the form; the id of the step."""
    answer = client.post(f"/register/care/done/?kind={kind}", sent(result, **more))
    assert answer.status_code == 302, answer.context["problem"]
    return str(CareDone.objects.latest("at", "id").batch)


def test_what_is_due_stands_by_room_in_walking_order(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    stock(place, 3)
    rooms = list(Asset.objects.order_by("tag").values_list("room_id", flat=True))
    order_rooms(place.site.id, {rooms[2]: 1, rooms[0]: 2, rooms[1]: 3}, by=BY)
    answer = signed_in(technician).get("/register/care/")
    page = answer.context["page"]
    assert [room.name for room in page.rooms] == ["Room 2", "Room 0", "Room 1"]
    assert page.late == 3
    assert "overdue since 30 September 2026" in answer.content.decode()


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        ("2026-11-21", ["late", "month", "term", "what"]),
        ("2026-11-22", ["month", "term", "what"]),
        ("2026-11-30", ["month", "term", "what"]),
        ("2026-12-01", ["term", "what"]),
        ("2027-02-20", ["term", "what"]),
        ("2027-02-21", []),
    ],
)
def test_each_list_ends_on_its_day(
    place: Place, technician: User, signed_in: SignedIn, day: str, listed: list[str]
) -> None:
    stock(place, 1)
    Care.objects.update(due_on=day)
    client = signed_in(technician)
    pages = {
        span: client.get("/register/care/", {"span": span}).context["page"]
        for span in ("late", "month", "term", "what")
    }
    assert [span for span, page in pages.items() if page.number] == listed


def test_a_room_is_noted_in_one_step_with_one_certificate_and_taken_back(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 2)
    paper = SimpleUploadedFile("pat.pdf", files.PDF)
    batch = note(client, kind, certificate=paper)
    page = client.get(f"/register/care/steps/{batch}/").context["page"]
    assert (len(page.rows), page.first.who, page.first.note) == (2, "Sparks Ltd", "New lead")
    got = client.get(f"/register/care/certificates/{page.certificate}/")
    assert got.content == files.PDF
    assert got["Content-Disposition"].startswith("attachment")
    assert client.get("/register/care/?span=month").context["page"].number == 0
    asset = Asset.objects.get(tag="P-0").id
    body = client.get(f"/register/{asset}/").content.decode()
    assert "Due 20 February 2027" in body
    assert "Sparks Ltd" in body
    client.post(f"/register/care/steps/{batch}/undo/")
    assert client.get("/register/care/?span=late").context["page"].number == 2
    again = client.post(f"/register/care/steps/{batch}/undo/", follow=True)
    assert "taken back already" in again.content.decode()
    assert "(taken back)" in client.get(f"/register/{asset}/").content.decode()


def test_a_certificate_that_is_missing_is_asked_for_until_it_comes(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 1)
    CareKind.objects.update(certificate=True)
    batch = note(client, kind)
    assert [one.batch for one in client.get("/register/care/").context["page"].lacking] == [batch]
    path = f"/register/care/steps/{batch}/certificate/"
    assert "Choose a file first" in client.post(path, follow=True).content.decode()
    client.post(path, {"certificate": SimpleUploadedFile("a.pdf", files.PDF)})
    assert client.get("/register/care/").context["page"].lacking == []


def test_what_failed_is_out_of_use_once_somebody_says_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 2)
    batch = note(client, kind, "fail")
    body = client.get("/register/care/").content.decode()
    assert "failed 20 November 2026, to be done again" in body
    page = client.get(f"/register/care/steps/{batch}/").context["page"]
    assert len(page.failed) == 2
    first = page.failed[0]
    path = f"/register/care/steps/{batch}/failed/"
    assets.change(place.site.id, first.asset, {"notes": "x"}, by=BY)
    ticked = {"thing": f"{first.asset}:{first.seq}", "then": "out"}
    assert "Somebody else changed" in client.post(path, ticked, follow=True).content.decode()
    ticked["thing"] = f"{first.asset}:{first.seq + 1}"
    answer = client.post(path, ticked, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/register/steps/")
    broken = Asset.objects.get(id=first.asset)
    assert (broken.state, broken.condition) == ("retired", "broken")
    assert client.get("/register/care/").context["page"].number == 1
    assert "Nothing is due while it is" in client.get(f"/register/{first.asset}/").content.decode()


def test_two_people_who_note_the_same_see_that_they_met_and_lose_nothing_typed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 2)
    on_both_screens = sent(who="Ann Other")
    note(client, kind)
    answer = client.post(f"/register/care/done/?kind={kind}", on_both_screens)
    body = answer.content.decode()
    assert "Somebody else noted something here meanwhile" in body
    assert body.count("Changed by somebody else meanwhile") == 2
    assert 'value="Ann Other"' in body
    assert CareDone.objects.count() == 2


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 1)
    answer = client.post(
        f"/register/care/done/?kind={kind}", sent("fail", who=HOSTILE, on="2026-11-23")
    )
    body = answer.content.decode()
    assert "still to come" in body
    assert "<script>alert(1)" not in body
    assert 'value="fail" selected' in body
    assert not CareDone.objects.exists()


def test_hostile_names_are_shown_and_do_nothing(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 1)
    kinds.change(place.site.id, kind, Wanted(HOSTILE, 3), 1, by=BY)
    assets.change(place.site.id, Asset.objects.get().id, {"name": HOSTILE}, by=BY)
    batch = note(client, kind, who=HOSTILE, note=HOSTILE)
    asset = Asset.objects.get().id
    paths = ("", "kinds/", f"done/?kind={kind}", f"set/?care={kind}&look=1", f"steps/{batch}/")
    for path in (*(f"/register/care/{one}" for one in paths), f"/register/{asset}/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.content.decode()
        assert "\u202e" not in answer.content.decode()


def test_what_needs_care_is_chosen_by_kind_and_ticks(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(technician), place.site.id
    usual = {"name": "UPS battery", "every": "12", "unit": "months"}
    answer = client.post("/register/care/kinds/", usual)
    kind = CareKind.objects.get()
    assert answer["Location"] == f"/register/care/set/?care={kind.id}"
    things = assets.add_many(site, [{"kind": "other", "tag": f"U-{n}"} for n in range(3)], by=BY)
    assets.move(site, things[2:], "retired", by=BY)
    rows = client.get(f"/register/care/set/?care={kind.id}&kind=other").context["rows"]
    assert [(row.tag, ticked) for row, ticked in rows] == [("U-0", True), ("U-1", True)]
    chosen = {"care": kind.id, "asset": things[:1], "first_due_on": "2026-12-01"}
    said = client.post("/register/care/set/", chosen | {"step": "begin"}, follow=True)
    assert "1 thing is under this care now." in said.content.decode()
    assert Care.objects.get().due_on == "2026-12-01"
    client.post("/register/care/set/", chosen | {"step": "stop"})
    assert Care.objects.get().stopped_at is not None


def test_what_was_ticked_in_the_list_is_what_gets_care_and_nothing_else(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(technician), place.site.id
    kind = kinds.add(site, Wanted("PAT test", 12), by=BY)
    things = assets.add_many(site, [{"tag": f"U-{n}"} for n in range(3)], by=BY)
    first = client.post("/register/care/set/", {"asset": things[:2], "school": site})
    assert "For 2 things." in first.content.decode()
    sent_on = {"asset": things[:2], "care": kind}
    rows = client.get("/register/care/set/", sent_on).context["rows"]
    assert [(row.tag, ticked) for row, ticked in rows] == [("U-0", True), ("U-1", True)]
    assert client.get("/register/care/set/", {"asset": "asset_x"}).status_code == 200


def test_a_day_that_is_none_keeps_the_ticks(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, site = signed_in(technician), place.site.id
    kind = kinds.add(site, Wanted("PAT test", 12), by=BY)
    things = assets.add_many(site, [{"tag": "U-1"}, {"tag": "U-2"}], by=BY)
    typed = {"care": kind, "asset": things, "first_due_on": "soon", "step": "begin"}
    answer = client.post("/register/care/set/", typed)
    assert "Write that day like" in answer.content.decode()
    assert [ticked for _, ticked in answer.context["rows"]] == [True, True]


def test_another_schools_things_are_not_there(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    theirs, ours = stock(elsewhere, 1), stock(place, 1)
    thing = Care.objects.get(site=elsewhere.site)
    assert client.get("/register/care/").context["page"].number == 1
    assert client.get(f"/register/care/done/?kind={theirs}").status_code == 404
    given = {thing.id: "pass", f"seen-{thing.id}": thing.seq, **TOLD}
    answer = client.post(f"/register/care/done/?kind={ours}", given)
    assert "does not need this care any more" in answer.content.decode()
    given = {"care": ours, "asset": thing.asset_id, "step": "begin", "first_due_on": "2026-12-01"}
    client.post("/register/care/set/", given)
    assert Care.objects.filter(asset=thing.asset_id).count() == 1
    assert not CareDone.objects.exists()


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_of_care_costs_the_same_whatever_is_due(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for round_ in (1, 2):
        kind = stock(place, 2 if round_ == 1 else 9, start=round_ * 100)
        note(client, kind, "fail")
        asset = Asset.objects.order_by("tag")[0].id
        path = COUNTS[name]["path"].format(kind=kind, asset=asset)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counted.append(len(caught))
    assert counted == [COUNTS[name]["queries"]] * 2


def test_a_whole_room_is_ready_to_be_noted_but_not_what_failed_or_is_far_off(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, kind = signed_in(technician), stock(place, 3)
    ids = list(Care.objects.order_by("asset__tag").values_list("id", flat=True))
    Care.objects.filter(id=ids[1]).update(last_on="2026-11-01", last_result="fail")
    Care.objects.filter(id=ids[2]).update(due_on="2026-12-01")
    rows = client.get(f"/register/care/done/?kind={kind}").context["rows"]
    assert {row.id: result for row, result, _ in rows} == dict(
        zip(ids, ["pass", "", ""], strict=True)
    )
    room = Asset.objects.get(tag="P-2").room_id
    rows = client.get(f"/register/care/done/?kind={kind}&room={room}").context["rows"]
    assert [row.tag for row, _, _ in rows] == ["P-2"]
