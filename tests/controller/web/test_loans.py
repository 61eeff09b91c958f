"""Loans by their pages: given, signed, late, back; two people at once, other schools, hostile
words, lost things, and what a page costs."""

import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller import clock
from controller.loans import days
from controller.people.models import User
from controller.people.roles import Role
from controller.wording.words import words
from inventory.allocation import conditions, handovers, people
from inventory.allocation.services import PersonalUse, Terms
from inventory.allocation.typed import typed
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Allocation, Asset, AssetEvent, Document, Person
from inventory.places.services import add_room
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.test_words import read_aloud

COUNTS = json.loads(Path(__file__).with_name("loan_counts.json").read_text("utf-8"))
HOSTILE = "<script>alert(1)</script>\u202egnp"
MINE = By("user_1", school.NOW - 20 * school.DAY)
SIGNED = {"signature_name": "Maya Jones", "signature_agreed": "yes"}


@pytest.fixture
def teacher(place: Place) -> str:
    return people.add_person(place.site.id, "Maya Jones", "staff", by=MINE, reference="s-17")


@pytest.fixture
def laptops(place: Place) -> list[str]:
    rows = [{"tag": f"WB-{n}", "kind": "laptop", "serial": f"5CD900{n}XYZ"} for n in range(4)]
    return services.add_many(place.site.id, rows, by=MINE)


@pytest.fixture
def browser(technician: User, signed_in: SignedIn) -> Client:
    return signed_in(technician)


def give(browser: Client, to: str, things: list[str], **told: str) -> str:
    """The handover's id, or "" where the form came back."""
    sent = {"to": to, "thing": things, "step": "give", **told}
    answer = browser.post("/register/loans/give/", sent)
    where = answer.headers.get("Location", "")
    return where.split("/")[-2] if where else ""


def errors(browser: Client, to: str, **told: object) -> dict[str, list[str]]:
    answer = browser.post("/register/loans/give/", {"to": to, "step": "give", **told})
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


def holder(asset: str) -> str:
    return Asset.objects.get(id=asset).holder


def test_thirty_seconds_at_the_office_door_given_signed_and_back(
    browser: Client, place: Place, teacher: str, laptops: list[str]
) -> None:
    text = conditions.add(place.site.id, "Staff laptops", "Keep it dry.", by=MINE)
    told = {"due_on": "2026-12-18", "goes_home": "on", "text": text, "personal_use": "none"}
    batch = give(browser, teacher, laptops[:1], tags="wb-1\n 5cd-9002xyz ", **told)
    assert [holder(one) for one in laptops] == [teacher] * 3 + [""]
    receipt = browser.get(f"/register/loans/handover/{batch}/")
    assert "Keep it dry." in receipt.content.decode()
    browser.post(f"/register/loans/handover/{batch}/sign/", SIGNED)
    (paper,) = Document.objects.filter(kind="signature")
    assert set(
        Allocation.objects.values_list("signature", "due_on", "goes_home", "personal_use")
    ) == {(paper.sha256, "2026-12-18", True, "none")}
    sent = {
        "thing": laptops[:3],
        "step": "return",
        "condition": "good",
        f"condition-{laptops[2]}": "broken",
        "note": "screen cracked",
    }
    back = browser.post("/register/loans/return/", sent).headers["Location"]
    rows = {row.id: row for row in Asset.objects.all()}
    assert [rows[one].condition for one in laptops] == ["good", "good", "broken", ""]
    browser.post(f"{back}sign/", SIGNED)
    assert not Allocation.objects.filter(return_signature="").exists()
    assert "screen cracked" in browser.get(back).content.decode()


def test_a_handover_is_signed_once_and_an_empty_pad_is_no_signature(
    browser: Client, teacher: str, laptops: list[str]
) -> None:
    batch = give(browser, teacher, laptops)
    for sent in ({}, {"signature": "data:image/png;base64,AAAA"}, {"signature_name": "Maya"}):
        browser.post(f"/register/loans/handover/{batch}/sign/", sent)
        assert not Document.objects.exists()
    for _ in range(2):
        browser.post(f"/register/loans/handover/{batch}/sign/", SIGNED)
    assert Document.objects.count() == 1


def test_two_people_who_give_one_thing_at_once_are_not_both_believed(
    browser: Client, place: Place, teacher: str, laptops: list[str]
) -> None:
    other = people.add_person(place.site.id, "Sam Lee", "staff", by=MINE)
    assert give(browser, teacher, laptops[:2])
    assert give(browser, other, laptops[1:]) == ""
    said = errors(browser, other, thing=laptops[1:])
    assert "WB-1 is given to somebody already" in said["__all__"][0]
    assert [holder(one) for one in laptops] == [teacher, teacher, "", ""]
    assert give(browser, other, laptops[1:], take="on")
    assert [holder(one) for one in laptops] == [teacher, other, other, other]
    assert Allocation.objects.filter(until=None).count() == 4


@pytest.mark.parametrize("state", ["lost", "stolen", "repair", "retired"])
def test_what_is_not_there_cannot_be_given(
    browser: Client, place: Place, teacher: str, laptops: list[str], state: str
) -> None:
    services.move(place.site.id, laptops[:1], state, by=MINE)  # type: ignore[arg-type]  # a state
    said = errors(browser, teacher, thing=laptops)["__all__"]
    assert f"WB-0 is {state}" in said[0]
    assert not Allocation.objects.exists()


def test_what_was_typed_stands_in_the_form_again_and_each_fault_is_said(
    browser: Client, teacher: str, laptops: list[str]
) -> None:
    sent = {
        "to": teacher,
        "step": "give",
        "tags": f"WB-1\nWB-99\n{HOSTILE}",
        "due_on": "2026-11-21",
        "note": "with charger",
        "thing": laptops[:1],
    }
    answer = browser.post("/register/loans/give/", sent)
    body = answer.content.decode()
    assert "Not in the register: WB-99" in body
    assert "That day is over" in body
    assert 'value="with charger"' in body
    assert "<script>alert" not in body
    assert [thing.tag for thing in answer.context["chosen"]] == ["WB-0", "WB-1"]
    assert not Allocation.objects.exists()
    assert errors(browser, "", thing=laptops)["to"] == ["Say who or what it is given to."]
    assert errors(browser, teacher)["__all__"][0].startswith("Name at least one thing")
    assert "day" in errors(browser, teacher, thing=laptops, due_on="2027-13-1")["due_on"][0]


def test_a_number_that_two_things_have_is_asked_about(place: Place, laptops: list[str]) -> None:
    twin = services.add(place.site.id, {"serial": "5CD9000XYZ", "tag": "WB-9"}, by=MINE)
    found = typed(place.site.id, "5cd9000xyz\nWB-1\nwb-1\nN/A\n\n")
    assert (found.doubtful, found.unknown, found.ids) == (["5cd9000xyz"], ["N/A"], [laptops[1]])
    assert typed(place.site.id, "wb-9").ids == [twin]
    many = "\n".join(f"X{n}" for n in range(502))
    assert typed(place.site.id, many).over == 2


def test_a_mistaken_give_is_undone_from_its_receipt(
    browser: Client, teacher: str, laptops: list[str]
) -> None:
    batch = give(browser, teacher, laptops)
    answer = browser.post(f"/register/loans/handover/{batch}/undo/", follow=True)
    assert "4 things are as before" in answer.content.decode()
    assert "It was a mistake" in answer.content.decode()
    assert {holder(one) for one in laptops} == {""}


def test_what_is_late_is_listed_with_how_many_days_and_whom(
    browser: Client, place: Place, teacher: str, laptops: list[str]
) -> None:
    for asset, due in zip(
        laptops, ("2026-11-19", "2026-11-22", "2026-11-29", "2026-11-30"), strict=True
    ):
        handovers.give(place.site.id, [asset], teacher, by=MINE, terms=Terms(due_on=due))
    late = browser.get("/register/loans/?view=overdue").context["page"]
    assert [(row.tag, row.late, row.holder) for row in late.rows] == [
        ("WB-0", "3 days late", "Maya Jones")
    ]
    week = browser.get("/register/loans/?view=week").context["page"]
    assert [row.late for row in week.rows] == ["due back today", "due back in 7 days"]
    assert late.counts == {"lent": 4, "overdue": 1, "week": 2, "home": 0, "all": 4}
    found = browser.get("/register/loans/?view=lent&q=maya wb-3").context["page"]
    assert [row.tag for row in found.rows] == ["WB-3"]


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (1_792_881_000, "2026-10-24"),  # 23:30 BST, the night the clocks go back
        (1_792_886_400, "2026-10-25"),  # 01:00 BST, an hour that comes twice
        (1_792_972_800, "2026-10-26"),
        (1_806_190_200, "2027-03-27"),  # 23:30 GMT, before they go forward
        (1_806_274_800, "2027-03-29"),  # 00:00 BST the day after, which is 23:00 UTC
    ],
)
def test_a_loan_is_late_by_the_schools_own_days_whatever_its_clock_does(
    browser: Client, teacher: str, laptops: list[str], now: int, today: str
) -> None:
    site = Asset.objects.get(id=laptops[0]).site_id
    clock.use(lambda: now)
    due = days.after(today, -1)
    handovers.give(site, laptops[:1], teacher, by=MINE, terms=Terms(due_on=due))
    handovers.give(site, laptops[1:2], teacher, by=MINE, terms=Terms(due_on=today))
    rows = browser.get("/register/loans/").context["page"].rows
    assert [row.late for row in rows] == ["1 day late", "due back today"]


def test_a_day_is_changed_and_personal_use_noted_on_the_loans_page(
    browser: Client, teacher: str, laptops: list[str]
) -> None:
    give(browser, teacher, laptops[:1], goes_home="on")
    loan = Allocation.objects.get()
    page = f"/register/loans/{loan.id}/"
    assert browser.get(page).context["loan"].declare_again
    for sent in ({"due_on": "2026-11-21"}, {"due_on": "x"}, {}):
        browser.post(f"{page}extend/", sent)
        assert Asset.objects.get(id=laptops[0]).due_on == ""
    browser.post(f"{page}extend/", {"due_on": "2027-01-04"})
    browser.post(f"{page}declare/", {"personal_use": "significant"})
    browser.post(f"{page}declare/", {"personal_use": "lots"})
    loan.refresh_from_db()
    assert (loan.due_on, loan.personal_use) == ("2027-01-04", "significant")
    assert not browser.get(page).context["loan"].declare_again
    clock.use(lambda: school.NOW + 366 * school.DAY)
    assert browser.get(page).context["loan"].declare_again


def test_a_camera_back_from_a_trip_is_asked_about_its_cards(
    browser: Client, place: Place, teacher: str, laptops: list[str]
) -> None:
    text = conditions.add(place.site.id, "Trips", "Back by Friday.", by=MINE, asks_scan=True)
    give(browser, teacher, laptops[:1], text=text, reason="Conwy")
    give(browser, teacher, laptops[1:2])
    asked = browser.get(f"/register/loans/return/?thing={laptops[0]}").content.decode()
    assert "memory cards" in asked
    plain = browser.get(f"/register/loans/return/?thing={laptops[1]}").content.decode()
    assert "memory cards" not in plain
    sent = {"thing": laptops[:1], "step": "return", "scanned": "no"}
    receipt = browser.post("/register/loans/return/", sent, follow=True).content.decode()
    assert "Memory cards not scanned yet" in receipt


def test_nothing_of_another_school_is_given_shown_or_taken_back(
    browser: Client, elsewhere: Place, stranger: User, teacher: str, laptops: list[str]
) -> None:
    theirs = By(stranger.id, school.NOW)
    site = elsewhere.site.id
    alien = services.add(site, {"tag": "ALIEN-1"}, by=theirs)
    somebody = people.add_person(site, "Their Person", "staff", by=theirs)
    oak = add_room(site, "Their Room", by=theirs)
    handovers.give(site, [alien], somebody, by=theirs, terms=Terms(due_on="2026-11-01"))
    for to in (somebody, oak, alien):
        assert "to" in errors(browser, to, thing=laptops)
    assert give(browser, teacher, [alien]) == ""
    browser.post("/register/loans/return/", {"thing": [alien], "step": "return"})
    assert holder(alien) == somebody
    for path in (
        "/register/loans/?view=all&school=all",
        "/register/loans/?q=alien&view=all",
        "/register/people/?q=their",
        "/register/people/leavers/",
        f"/register/loans/give/?thing={alien}&q=alien",
        f"/register/loans/return/?thing={alien}&tags=ALIEN-1",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200
        for said in ("Their Person", "Their Room", "ALIEN-1</", "· ALIEN-1"):
            assert said not in answer.content.decode(), path


def test_what_people_typed_is_text_on_every_page(
    browser: Client, place: Place, laptops: list[str]
) -> None:
    site = place.site.id
    someone = people.add_person(site, HOSTILE, "staff", by=MINE, group=HOSTILE, reference=HOSTILE)
    text = conditions.add(site, HOSTILE, HOSTILE, by=MINE)
    services.change(site, laptops[0], {"name": HOSTILE}, by=MINE)
    terms = Terms(due_on="2026-11-01", text=text, note=HOSTILE, reason=HOSTILE)
    batch = handovers.give(site, laptops, someone, by=MINE, terms=terms)
    loan = Allocation.objects.order_by("id")[0]
    people.leaves(site, someone, "2026-11-20", by=MINE)
    for path in (
        "/register/loans/",
        f"/register/loans/{loan.id}/",
        f"/register/loans/handover/{batch}/",
        f"/register/loans/return/?thing={laptops[0]}",
        f"/register/loans/give/?q={HOSTILE}&thing={laptops[0]}",
        "/register/loans/conditions/",
        "/register/people/",
        f"/register/people/{someone}/",
        f"/register/people/{someone}/change/",
        "/register/people/leavers/",
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.content.decode(), path
        assert "\u202e" not in answer.content.decode(), path


def test_addresses_nobody_understands_list_what_there_is(browser: Client, teacher: str) -> None:
    for query in ("?view=x&q=%00&after=%00", "?kind=robot&who=x&having=y&before=zz", "?q=%FF"):
        for path in ("/register/loans/", "/register/people/", "/register/loans/give/"):
            assert browser.get(path + query).status_code == 200


def test_pages_of_loans_spare_the_office_the_trades_words(
    place: Place, signed_in: SignedIn, teacher: str, laptops: list[str]
) -> None:
    batch = handovers.give(place.site.id, laptops, teacher, by=MINE, terms=Terms(goes_home=True))
    loan = Allocation.objects.order_by("id")[0]
    office = signed_in(school.make_person(place.site, Role.BUSINESS_MANAGER))
    terms = words().not_for_everyone["terms"]
    pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, terms))})(?![\w-])", re.IGNORECASE)
    for path in (
        "/register/loans/?view=all",
        f"/register/loans/give/?to={teacher}",
        f"/register/loans/return/?thing={laptops[0]}",
        f"/register/loans/handover/{batch}/",
        f"/register/loans/{loan.id}/",
        "/register/loans/conditions/new/",
        f"/register/people/{teacher}/",
        "/register/people/import/",
        "/register/people/leavers/",
    ):
        said = read_aloud(office.get(path).content.decode())
        assert not pattern.findall(said), path


def test_every_word_of_loans_is_there() -> None:
    known = words().loans
    assert set(known.kinds) == set(people.KINDS)
    assert set(known.personal_use) == set(PersonalUse.__args__)  # type: ignore[attr-defined]  # a Literal
    assert set(known.returned) == {"", "good", "worn", "broken", handovers.MISTAKE}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_a_page_of_loans_costs_the_same_whatever_its_length(
    name: str, browser: Client, place: Place
) -> None:
    counted, site = [], place.site.id
    for number in (2, 40):
        for n in range(number):
            one = people.add_person(site, f"P {number} {n}", "staff", by=MINE)
            asset = services.add(site, {"tag": f"{number}-{n}"}, by=MINE)
            handovers.give(site, [asset], one, by=MINE, terms=Terms(due_on="2026-11-20"))
            people.leaves(site, one, "2026-11-30", by=MINE)
        browser.get(COUNTS[name]["path"])
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(COUNTS[name]["path"]).status_code == 200
        counted.append(len(caught))
    assert counted == [COUNTS[name]["queries"]] * 2


def test_erased_people_keep_no_name_on_any_page(
    browser: Client, teacher: str, laptops: list[str]
) -> None:
    batch = give(browser, teacher, laptops[:1], note="Maya asked", reason="Maya’s term at home")
    loan = Allocation.objects.get()
    page = f"/register/people/{teacher}/"
    browser.post(f"{page}erase/", {"sure": "yes"})
    assert Person.objects.get().name == "Maya Jones"  # not while they have something
    browser.post("/register/loans/return/", {"thing": laptops[:1], "step": "return"})
    browser.post(f"{page}erase/", {})
    assert Person.objects.get().name == "Maya Jones"  # nor without the tick
    browser.post(f"{page}erase/", {"sure": "yes"})
    for path in (
        page,
        f"/register/loans/{loan.id}/",
        f"/register/loans/handover/{batch}/",
        "/register/people/",
        "/register/loans/give/",
    ):
        assert "Maya" not in browser.get(path).content.decode(), path
    assert AssetEvent.objects.filter(asset_id=laptops[0]).count() == 3
