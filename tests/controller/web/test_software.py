"""The pages of programs: what is listed, what people want of it, and how that becomes policy."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from checks.policy import Ask, Policy
from controller.config import current
from controller.people.models import User
from controller.people.roles import Role
from controller.policy import publishing
from controller.records.judging import judge_site
from controller.records.models import RecordVerdict
from controller.software import reading
from controller.software.approved import APPROVED
from inventory.models import Licence, SoftwareRequest, SoftwareTitle
from inventory.software.patterns import pattern
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.software import PROGRAMS, computers, has

COUNTS = json.loads(Path(__file__).with_name("software_counts.json").read_text("utf-8"))
NOW = school.NOW
URL = "/register/software/"


def titled(name: str) -> SoftwareTitle:
    return SoftwareTitle.objects.get(title=name)


def wish(client: Client, what: str, *names: str) -> None:
    ids = [titled(name).id for name in names]
    answer = client.post(f"{URL}decide/", {"title": ids, "wish": what})
    assert answer.status_code == 302


def test_the_list_names_each_program_once_with_the_most_common_first(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    computers(place.site, 3)
    computers(place.site, 2, 10, "macos")
    page = signed_in(technician).get(URL).context["page"]
    assert [(row.title, row.computers) for row in page.rows[:2]] == [("Firefox", 5), ("VLC", 5)]
    assert (page.every, page.here) == (5, 8)
    page = signed_in(technician).get(f"{URL}?q=fire-fox").context["page"]
    assert [row.title for row in page.rows] == ["Firefox"]
    page = signed_in(technician).get(f"{URL}?show=ended").context["page"]
    assert [row.title for row in page.rows] == ["Microsoft Office 2019"]


def test_a_title_says_where_it_is_in_which_versions_and_what_it_is_called(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    one, _ = computers(place.site, 2)
    has(one, [("VLC media player", "3.0.9", "VideoLAN")])
    reading.catch_up(NOW)
    body = signed_in(technician).get(f"{URL}{titled('VLC').id}/")
    page = body.context["page"]
    assert [(w.name, w.versions) for w in page.where] == [("PC-000", "3.0.9"), ("PC-001", "3.0.21")]
    assert {v.version: v.computers for v in page.versions} == {"3.0.9": 1, "3.0.21": 1}
    assert f'href="/computers/{one.id}/"' in body.content.decode()


def test_what_one_proposes_another_puts_in_force_and_then_it_is_approved(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    wish(signed_in(technician), "approve", "VLC", "7-Zip")
    head = signed_in(slt)
    page = head.get(f"{URL}proposal/").context["page"]
    assert [one.add for one in page.changes] == [["7-Zip * (x64)"], ["VLC media player"]]
    done = head.post(f"{URL}proposal/use/", {"digest": page.digest}, follow=True)
    assert "In force" in done.content.decode()
    assert APPROVED.lines(publishing.in_force(place.site.id)) == [
        "7-Zip * (x64)",
        "VLC media player",
    ]
    assert {titled("VLC").standing, titled("7-Zip").standing} == {"approved"}
    assert head.get(f"{URL}proposal/").context["page"].changes == []


def test_nobody_puts_in_force_what_they_proposed_themselves(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    manager = school.make_person(place.site, Role.BUSINESS_MANAGER)
    client = signed_in(manager)
    wish(client, "approve", "VLC")
    page = client.get(f"{URL}proposal/").context["page"]
    assert (len(page.changes), [one.title for one in page.waiting]) == (0, ["VLC"])
    client.post(f"{URL}proposal/use/", {"digest": page.digest})
    assert publishing.newest(place.site.id) is None
    assert len(signed_in(slt).get(f"{URL}proposal/").context["page"].changes) == 1


def test_only_what_was_looked_at_is_put_in_force(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    wish(signed_in(technician), "approve", "VLC")
    seen = signed_in(slt).get(f"{URL}proposal/").context["page"].digest
    wish(signed_in(technician), "approve", "Audacity")
    answer = signed_in(slt).post(f"{URL}proposal/use/", {"digest": seen}, follow=True)
    assert "changed since you looked" in answer.content.decode()
    assert publishing.newest(place.site.id) is None


def test_a_technician_proposes_and_cannot_put_in_force(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    assert signed_in(technician).post(f"{URL}proposal/use/").status_code == 403


def test_the_file_to_sign_holds_the_policy_with_the_longer_list(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    wish(signed_in(technician), "approve", "VLC")
    digest = signed_in(slt).get(f"{URL}proposal/").context["page"].digest
    answer = signed_in(slt).post(f"{URL}proposal/file/", {"digest": digest})
    assert answer["Content-Disposition"].startswith('attachment; filename="policy-2026')
    assert "VLC media player" in answer.content.decode()
    assert publishing.newest(place.site.id) is None


def test_a_refusal_takes_out_of_the_list_what_was_put_there(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    listed = Ask(APPROVED.check, APPROVED.setting, ["VLC media player", "firefox*"], "head")
    policy = Policy(name="x", decisions=[listed])
    rules = publishing.draft(place.site.id, policy, NOW)
    publishing.use(current().folder, rules, actor="system", at=NOW)
    reading.catch_up(NOW)
    assert titled("VLC").standing == "approved"
    wish(signed_in(technician), "refuse", "VLC")
    page = signed_in(slt).get(f"{URL}proposal/").context["page"]
    assert [one.take for one in page.changes] == [["VLC media player"]]
    signed_in(slt).post(f"{URL}proposal/use/", {"digest": page.digest})
    assert APPROVED.lines(publishing.in_force(place.site.id)) == ["firefox*"]
    assert titled("VLC").standing == "not"


@pytest.mark.parametrize(
    ("name", "version", "told"),
    [
        ("7-Zip 23.01 (x64)", "23.01", "7-Zip * (x64)"),
        ("Java 8 Update 391 (64-bit)", "8.0.3910", "Java 8 Update * (64-bit)"),
        ("VLC media player", "3.0.21", "VLC media player"),
        ("Python 3.12.4 (64-bit)", "3.12.4150.0", "Python * (64-bit)"),
        ("Evil [a-z]* Tool", "1", "Evil ?a-z?? Tool"),
        ("1.2.3", "1.2.3", ""),
        ("*", "1", ""),
    ],
)
def test_a_pattern_is_as_tight_as_the_name(name: str, version: str, told: str) -> None:
    assert pattern(name, version) == told


def test_hostile_names_are_text_on_every_page(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    [one] = computers(place.site, 1)
    bad = "<script>alert(1)</script>\u202egnp"
    has(one, [(bad, bad, bad)])
    reading.catch_up(NOW)
    [row] = SoftwareTitle.objects.filter(computers=1)
    client = signed_in(technician)
    client.post(f"{URL}decide/", {"title": [row.id], "wish": "approve"})
    SoftwareTitle.objects.filter(id=row.id).update(needs_licence="yes")
    for path in (URL, f"{URL}{row.id}/", "/register/licences/", f"{URL}proposal/"):
        body = signed_in(slt).get(path).content.decode()
        assert "<script>alert" not in body
        assert "\u202e" not in body


def test_another_schools_programs_show_nowhere_and_cannot_be_decided_on(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    computers(elsewhere.site, 1)
    theirs = SoftwareTitle.objects.filter(site=elsewhere.site).first()
    assert theirs is not None
    client = signed_in(technician)
    assert client.get(f"{URL}{theirs.id}/").status_code == 404
    assert client.get(URL).context["page"].rows == []
    client.post(f"{URL}decide/", {"title": [theirs.id], "wish": "approve"})
    theirs.refresh_from_db()
    assert theirs.wish == ""


def test_somebody_asks_another_looks_and_a_third_decides(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    teacher = school.make_person(place.site, Role.DSL)
    asked = {"name": "GeoGebra 6", "purpose": "Maths in Year 5", "how_many": "30"}
    asked |= {"personal_data": "no", "cost": "120.50", "link": "https://geogebra.org"}
    assert signed_in(teacher).post(f"{URL}requests/new/", asked).status_code == 302
    row = SoftwareRequest.objects.get()
    assert (row.state, row.cost_pence, row.asked_by) == ("asked", 12_050, teacher.id)
    path = f"{URL}requests/{row.id}/decide/"
    signed_in(teacher).post(path, {"state": "approved", "seq": "1"})
    signed_in(technician).post(path, {"state": "looked_at", "seq": "1"})
    signed_in(slt).post(path, {"state": "refused", "seq": "2"})
    row.refresh_from_db()
    assert row.state == "looked_at"
    signed_in(slt).post(path, {"state": "refused", "seq": "1", "reason": "old page"})
    row.refresh_from_db()
    assert row.state == "looked_at"
    signed_in(slt).post(path, {"state": "approved", "seq": "2"})
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("approved", slt.id)


def test_the_head_does_not_approve_what_the_head_asked_for(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    computers(place.site, 1)
    asked = {"name": "VLC", "purpose": "films", "how_many": "1", "personal_data": "no"}
    signed_in(slt).post(f"{URL}requests/new/", asked)
    row = SoftwareRequest.objects.get()
    assert row.title_id == titled("VLC").id
    path = f"{URL}requests/{row.id}/decide/"
    answer = signed_in(slt).post(path, {"state": "approved", "seq": "1"}, follow=True)
    assert "somebody else" in answer.content.decode()
    manager = school.make_person(place.site, Role.BUSINESS_MANAGER)
    signed_in(manager).post(path, {"state": "approved", "seq": "1"})
    assert (titled("VLC").wish, titled("VLC").wish_by) == ("approve", slt.id)
    assert len(signed_in(manager).get(f"{URL}proposal/").context["page"].changes) == 1


def test_a_request_that_lacks_something_comes_back_as_it_was_typed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    told = {"name": "Krita", "how_many": "x", "cost": "lots", "personal_data": "no"}
    answer = signed_in(technician).post(f"{URL}requests/new/", told)
    assert answer.status_code == 422
    assert 'value="Krita"' in answer.content.decode()
    assert set(answer.context["form"].errors) == {"purpose", "how_many", "cost"}


def test_a_licence_is_held_against_what_is_installed(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    computers(place.site, 3)
    client = signed_in(technician)
    office = titled("Microsoft Office 2019")
    page = client.get("/register/licences/").context["page"]
    assert ("Microsoft Office 2019", 3) in [(title, n) for _, title, n in page.bare]
    told = {"name": "Office 2019 Standard", "counts": "computer", "seats": "2", "seq": "0"}
    told |= {"titles": office.id, "expires_on": "2027-08-31", "cost": "199.99"}
    assert client.post("/register/licences/new/", told).status_code == 302
    [row] = client.get("/register/licences/").context["page"].rows
    assert (row.used, row.seats, row.left, row.label.label) == (3, 2, -1, "Too many in use")
    held = Licence.objects.get()
    told |= {"seats": "40", "seq": "1"}
    assert client.post(f"/register/licences/{held.id}/", told).status_code == 302
    assert client.post(f"/register/licences/{held.id}/", told).status_code == 422
    [row] = client.get("/register/licences/").context["page"].rows
    assert (row.left, row.label.label) == (37, "More than half unused")


@pytest.mark.parametrize("field", ["notes", "key_kept", "order"])
def test_a_key_is_not_kept(field: str, place: Place, technician: User, signed_in: SignedIn) -> None:
    computers(place.site, 1)
    told = {"name": "Office", "counts": "site", "titles": titled("VLC").id}
    answer = signed_in(technician).post(
        "/register/licences/new/", {**told, field: "XQ9VK-3FT8M-7YHBC-2WRDP-9KJG6"}
    )
    assert answer.status_code == 422
    assert not Licence.objects.exists()


def test_ten_thousand_titles_are_a_page_of_a_hundred(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    school.insert(
        [
            SoftwareTitle(
                id=f"soft_{n:026d}",
                site=place.site,
                key=f"program{n}",
                title=f"Program {n:05d}",
                computers=n % 40 + 1,
                first_seen_at=NOW,
                last_seen_at=NOW,
            )
            for n in range(10_000)
        ]
    )
    client = signed_in(technician)
    page = client.get(URL).context["page"]
    assert (len(page.rows), page.total) == (100, 10_000)
    further = client.get(URL, {"after": page.next}).context["page"]
    assert further.rows[0].title == "Program 04039"
    assert {row.id for row in page.rows}.isdisjoint(row.id for row in further.rows)


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_asks_as_many_questions_for_many_as_for_few(
    name: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, counted = signed_in(technician), []
    for round_ in (1, 2):
        made = computers(place.site, 1 if round_ == 1 else 8, start=round_ * 100)
        for number, device in enumerate(made):
            has(device, [*PROGRAMS["windows"], (f"Thing {round_} {number}", "1", "")])
        reading.catch_up(NOW)
        path = COUNTS[name]["path"].format(title=titled("VLC").id)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        counted.append(len(caught))
    assert counted == [COUNTS[name]["queries"]] * 2


def test_the_night_judges_the_licences(place: Place) -> None:
    computers(place.site, 2)
    judge_site(place.site.id, NOW)
    [row] = RecordVerdict.objects.filter(check_id="software-licensed")
    assert (row.subject, row.status, row.says) == (place.site.id, "warn", "no-record")
