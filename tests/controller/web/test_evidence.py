"""The sheet to print: for those who hold the others to account, and never better than the log."""

import base64
from pathlib import Path

import pytest
from django.db import transaction

from controller.config import current
from controller.evidence import audit, services, verifying
from controller.evidence.page import Page
from controller.evidence.verifying import Sheet
from controller.people.models import User
from controller.people.roles import Role
from inventory.ledger import services as ledger
from inventory.ledger.contradictions import VERB
from inventory.models import Line
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn


def _page(user: User, signed_in: SignedIn) -> Page:
    page = signed_in(user).get("/evidence/").context["page"]
    assert isinstance(page, Page)
    return page


def _sheet(place: Place) -> services.Checked:
    services.make(place.site.id, actor="system", at=school.NOW, data=current().folder)
    return services.checked(place.site.id)[0]


@pytest.mark.parametrize("role", [Role.SLT, Role.GOVERNOR, Role.AUDITOR])
def test_a_sheet_is_made_and_shown_in_every_form(
    role: Role, place: Place, signed_in: SignedIn
) -> None:
    user = school.make_person(place.site, role)
    assert _page(user, signed_in).newest is None
    signed_in(user).post("/evidence/checkpoint/")
    html = signed_in(user).get("/evidence/").content.decode()
    sheet = services.checked(place.site.id)[0].sheet
    for said in (services.text_of(sheet.root), *services.groups(sheet.root), f"{sheet.size:,}"):
        assert said.replace("+", "&#x2B;") in html.replace("+", "&#x2B;")
    assert "data:image/svg+xml" in html
    (line,) = Line.objects.filter(site=place.site, text__startswith="checkpoint ")
    assert f" {user.id} " in line.text


def test_the_next_sheet_says_that_it_begins_with_the_one_before(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    first = _sheet(place).sheet
    _sheet(place)
    page = _page(slt, signed_in)
    assert page.before is not None
    assert page.before.root == base64.b64encode(first.root).decode()
    assert page.consistent
    assert "before: yes" in signed_in(slt).get("/evidence/").content.decode()


def test_a_changed_line_is_said_on_the_sheet(place: Place, slt: User, signed_in: SignedIn) -> None:
    for _ in range(2):
        _sheet(place)
    Line.objects.filter(site=place.site, idx=0).update(at=1)
    html = signed_in(slt).get("/evidence/").content.decode()
    assert "before: NO" in html
    assert "no longer begins with what was signed" in html


def _contradicts(place: Place, device: str) -> None:
    with transaction.atomic():
        ledger.append(
            site_id=place.site.id, at=school.NOW, actor=device, verb=VERB, subject=place.site.id
        )


@pytest.mark.parametrize("path", ["/", "/evidence/"])
def test_computers_that_saw_another_log_are_counted_where_leaders_look(
    path: str, place: Place, slt: User, signed_in: SignedIn
) -> None:
    assert "another one" not in signed_in(slt).get(path).content.decode()
    for device in ("dev_1", "dev_1", "dev_2"):
        _contradicts(place, device)
    assert "2 computers signed" in signed_in(slt).get(path).content.decode()


def test_leaders_of_another_school_find_no_sheet_of_ours(
    place: Place, elsewhere: Place, signed_in: SignedIn
) -> None:
    other = school.make_person(elsewhere.site, Role.SLT)
    _sheet(place)
    _contradicts(place, "dev_1")
    answer = signed_in(other).get(f"/evidence/?school={place.site.id}")
    assert answer.status_code == 404
    assert _page(other, signed_in).newest is None
    assert "another one" not in signed_in(other).get("/").content.decode()


def _answer(place: Place, user: User, signed_in: SignedIn, reason: str, through: int) -> str:
    form = {"reason": reason, "through": str(through)}
    client = signed_in(user)
    return client.post("/evidence/answer/", form, follow=True).content.decode()


def test_somebody_answers_and_it_stops_shouting_and_stays_in_the_history(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    for device in ("dev_1", "dev_2"):
        _contradicts(place, device)
    found = _page(slt, signed_in).contradicted
    assert found is not None
    html = _answer(place, slt, signed_in, "A new disk\u202e <b>came</b>", found.newest)
    assert "computers signed</strong>" not in html
    assert "Helen Marsh" in html
    assert "A new disk" in html
    assert "<b>came" not in html
    assert "\u202e" not in html
    assert "2 computers signed another log" in html
    assert "another one" not in signed_in(slt).get("/").content.decode()
    (line,) = Line.objects.filter(site=place.site, text__startswith="log.settled ")
    assert f" {slt.id} " in line.text
    _contradicts(place, "dev_3")
    assert "1 computer signed" in signed_in(slt).get("/").content.decode()
    assert "Helen Marsh" in signed_in(slt).get("/evidence/").content.decode()


def test_an_answer_covers_nothing_that_its_writer_had_not_read(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    _contradicts(place, "dev_1")
    found = _page(slt, signed_in).contradicted
    assert found is not None
    _contradicts(place, "dev_2")
    assert "More was said" in _answer(place, slt, signed_in, "known", found.newest)
    assert "Say what you know" in _answer(place, slt, signed_in, "", found.newest + 1)
    assert "2 computers signed" in signed_in(slt).get("/").content.decode()


def test_a_governor_is_shown_the_contradiction_and_no_form(
    place: Place, governor: User, signed_in: SignedIn
) -> None:
    _contradicts(place, "dev_1")
    html = signed_in(governor).get("/evidence/").content.decode()
    assert "1 computer signed" in html
    assert "/evidence/answer/" not in html


def test_what_the_night_found_is_said_in_its_words(
    place: Place, slt: User, signed_in: SignedIn
) -> None:
    for _ in range(2):
        _sheet(place)
    Line.objects.filter(site=place.site, idx=1).update(at=1)
    audit.night(place.site.id, school.NOW, current().folder)
    assert "found it changed" in signed_in(slt).get("/").content.decode()
    html = signed_in(slt).get("/evidence/").content.decode()
    assert "Good from the start: 1 line." in html
    assert "does not fit this sheet any more" in html
    found = _page(slt, signed_in).contradicted
    assert found is not None
    html = _answer(place, slt, signed_in, "a test", found.newest)
    assert "somebody has said why" in html
    assert "no longer begins with what was signed" not in html
    audit.night(place.site.id, school.NOW, current().folder)
    assert "found it changed" not in signed_in(slt).get("/").content.decode()


def test_who_may_see_computers_is_told_which_and_a_governor_how_many(
    place: Place, slt: User, governor: User, signed_in: SignedIn
) -> None:
    _contradicts(place, place.device.id)
    html = signed_in(slt).get("/evidence/").content.decode()
    assert f'href="/computers/{place.device.id}/"' in html
    html = signed_in(governor).get("/evidence/").content.decode()
    assert "1 computer signed" in html
    assert place.device.name not in html


def test_the_log_is_downloaded_by_those_who_answer_for_it_and_that_is_a_line_of_it(
    place: Place, slt: User, signed_in: SignedIn, tmp_path: Path
) -> None:
    before = _sheet(place).sheet
    answer = signed_in(slt).post("/evidence/export/")
    assert answer.headers["Content-Type"] == "application/zip"
    (tmp_path / "export.zip").write_bytes(answer.content)
    checks = verifying.verify(tmp_path / "export.zip", [Sheet(before.size, before.root)])
    assert all(check.fits for check in checks), checks
    (line,) = Line.objects.filter(site=place.site, text__startswith="evidence.export ")
    assert f" {slt.id} " in line.text
