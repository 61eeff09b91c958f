"""Pages of companies: what they may today, papers entered and corrected, who may say what is asked
for."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from inventory.assets.writing import By
from inventory.contractors.kinds import known
from inventory.models import Contractor, ContractorPaper
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.contractors.firms import FIRM, TEXT, enter

URL = "/register/contractors/"
BY = By("system", school.NOW)
HOSTILE = "<script>alert(1)</script>\u202egnp"
PAPER = {
    "kind": "carrier",
    "scheme": "england",
    "level": "upper",
    "number": "CBDU54597",
    "valid_from": "01/01/2026",
    "valid_to": "2028-12-31",
}


def only() -> ContractorPaper:
    """The one paper there is."""
    return ContractorPaper.objects.get()


def posted(client: Client, address: str, told: dict[str, str]) -> str:
    """Where a form that was taken leads to."""
    answer = client.post(address, told)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_company_is_entered_and_its_papers_say_what_it_may(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    one = posted(client, f"{URL}new/", {**FIRM, "address": "Unit 4\nMill Lane"})
    page = client.get(one).content.decode()
    assert "Green IT Recycling Ltd" in page
    assert "“Registration to carry waste” is not entered" in page
    assert posted(client, f"{one}papers/new/", PAPER) == one
    assert (only().valid_from, only().number) == ("2026-01-01", "CBDU54597")
    page = client.get(one).content.decode()
    assert "“Registration to carry waste” is not entered" not in page
    assert "England (Environment Agency), upper tier" in page
    page = client.get(one + "?on=2029-01-01").content.decode()
    assert "“Registration to carry waste” ended on 31 December 2028" in page
    assert client.get(one + "?on=nonsense").status_code == 200


def test_with_every_paper_the_list_says_it_may_and_what_ends_soon(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    firm = enter(place.site.id, BY)
    client = signed_in(technician)
    [row] = client.get(URL).context["rows"]
    assert (row.state.label, row.needs, row.ending) == ("May collect", [], [])
    ContractorPaper.objects.filter(kind="insurance").update(valid_to="2026-12-01")
    [row] = client.get(URL).context["rows"]
    assert row.ending == ["Insurance: ends in 9 days, 1 December 2026"]
    ContractorPaper.objects.filter(kind="carrier").update(valid_to="2026-11-21")
    assert "May not collect" in client.get(URL).content.decode()
    assert "ended on 21 November 2026" in client.get(f"{URL}{firm}/").content.decode()


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    one = f"{URL}{enter(place.site.id, BY)}/"
    client = signed_in(technician)
    answer = client.post(f"{one}papers/new/", {**PAPER, "level": "lower"})
    assert answer.status_code == 422
    assert "CBDU is upper tier" in answer.content.decode()
    assert 'value="CBDU54597"' in answer.content.decode()
    answer = client.post(f"{one}papers/new/", {**PAPER, "valid_to": "31 Dec"})
    assert "Write the day as 31/08/2027." in answer.content.decode()
    answer = client.post(f"{one}change/", {**FIRM, "seq": "1", "email": "none"})
    assert "office@company.co.uk" in answer.content.decode()
    assert FIRM["contact"] in answer.content.decode()


def test_of_two_who_correct_a_paper_the_second_is_told(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    firm = enter(place.site.id, BY)
    paper = ContractorPaper.objects.get(kind="carrier")
    address = f"{URL}{firm}/papers/{paper.id}/"
    client = signed_in(technician)
    assert client.post(address, {**PAPER, "seq": "1", "number": "CBDU1"}).status_code == 302
    answer = client.post(address, {**PAPER, "seq": "1", "number": "CBDU2"})
    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile" in answer.content.decode()
    paper.refresh_from_db()
    assert paper.number == "CBDU1"
    client.post(f"{address}end/", {"how": "withdrawn", "seq": "2"})
    assert "Was withdrawn" in client.get(f"{URL}{firm}/").content.decode()
    assert client.get(address).status_code == 404


def test_a_copy_is_kept_and_comes_back_as_it_was(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    made = posted(client, f"{URL}new/", FIRM)
    told = {"kind": "guarantee", "valid_from": "2026-01-01"}
    file = SimpleUploadedFile("../../letter.txt", TEXT)
    assert client.post(f"{made}papers/new/", {**told, "copy": file}).status_code == 302
    answer = client.get(f"{made}papers/{only().id}/copy/")
    assert answer.content == TEXT
    assert "attachment" in answer["Content-Disposition"]
    assert "sandbox" in answer["Content-Security-Policy"]
    bad = SimpleUploadedFile("x.pdf", b"MZ\x90\x00 a program")
    answer = client.post(f"{made}papers/new/", {**told, "copy": bad})
    assert "This file is something else." in answer.content.decode()


def test_hostile_words_are_only_words(place: Place, technician: User, signed_in: SignedIn) -> None:
    client = signed_in(technician)
    made = posted(client, f"{URL}new/", {**FIRM, "name": HOSTILE, "contact": HOSTILE})
    told = {"kind": "sub_processors", "valid_from": "2026-01-01", "lines": f"{HOSTILE}\n\x00b"}
    client.post(f"{made}papers/new/", told)
    for address in (URL, made, f"{made}change/", f"{made}papers/new/?kind=carrier"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_who_answers_for_the_school_says_what_is_asked_for(
    place: Place, technician: User, slt: User, signed_in: SignedIn
) -> None:
    told = {"seq": "0", "dial": "3", "recycle.insurance": "must", "recycle.carrier": "no"}
    assert signed_in(technician).post(f"{URL}needed/", told).status_code == 404
    head = signed_in(slt)
    assert head.post(f"{URL}needed/", told).status_code == 302
    page = head.get(f"{URL}needed/")
    assert (page.context["held"].dial, page.context["held"].asks) == (
        "3",
        {"recycle.insurance": "must"},
    )
    assert "Somebody else changed" in head.post(f"{URL}needed/", told).content.decode()
    answer = head.post(f"{URL}needed/", {**told, "seq": "1", "dial": "9"})
    assert "Choose a level of harm" in answer.content.decode()


def test_a_company_that_left_is_shown_apart_and_changes_no_more(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    firm = enter(place.site.id, BY)
    client = signed_in(technician)
    client.post(f"{URL}{firm}/leave/", {"seq": "1"})
    page = client.get(URL)
    assert (page.context["rows"], [one.id for one in page.context["gone"]]) == ([], [firm])
    answer = client.post(f"{URL}{firm}/papers/new/", PAPER)
    assert "not in use here any more" in answer.content.decode()
    client.post(f"{URL}{firm}/leave/", {"seq": "2", "then": "back"})
    assert Contractor.objects.get().left_at is None


def test_the_list_asks_no_more_for_many_companies(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, numbers = signed_in(technician), []
    for number in range(3):
        enter(place.site.id, BY, name=f"Firm {number}")
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        numbers.append(len(asked))
    assert numbers[0] == numbers[-1]


@pytest.mark.parametrize("kind", list(known().kinds))
def test_every_kind_has_a_form_with_what_it_needs(
    kind: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    firm = enter(place.site.id, BY)
    page: Any = signed_in(technician).get(f"{URL}{firm}/papers/new/?kind={kind}")
    fields = set(page.context["form"].fields)
    about = known().kinds[kind]
    assert ("number" in fields) == about.numbered
    assert ("scheme" in fields) == bool(about.schemes)
    assert ("terms" in fields) == (kind == "agreement")
    assert signed_in(technician).get(f"{URL}{firm}/papers/new/?kind=x").status_code == 302
