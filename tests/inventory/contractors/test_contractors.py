"""Companies and their papers as they are kept: what is refused, who changed what, two at once."""

from typing import Any

import pytest
from msgspec.structs import replace

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.contractors import letting_go, papers, queries, rules, services
from inventory.contractors.kinds import known
from inventory.contractors.papers import File
from inventory.models import Contractor, ContractorPaper, Event
from inventory.places.services import create_site
from tests.inventory.contractors.firms import FIRM, TEXT, WANTED, enter

NOW = 1_795_400_000
DAY = 86_400
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 60)
TODAY = "2026-11-23"


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def firm(site: str) -> str:
    return services.keep(site, FIRM, by=BY)


def test_a_company_with_all_its_papers_may_collect(site: str) -> None:
    firm = enter(site, BY)
    for handover in known().handovers:
        assert queries.standing(site, firm, TODAY, handover).ok
    found = queries.standing(site, firm, TODAY)
    assert {one.sha256 for one in found.papers if one.kind == "guarantee"} != {""}
    assert queries.standing(site, firm, "2028-01-01").expired


def test_of_another_school_it_has_no_papers_here(site: str) -> None:
    other = create_site(name="Other School", at=NOW)
    firm = enter(site, BY)
    assert not queries.standing(other, firm, TODAY).papers
    assert queries.one([other], firm) is None
    assert queries.papers([other], firm) == []
    with pytest.raises(RegisterError) as refused:
        papers.keep(other, firm, WANTED["insurance"], by=BY)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u202e\x00"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"company_number": "12"}, ""),
        ({"company_number": "ABC12345"}, "company_number"),
        ({"company_number": "123456789"}, "company_number"),
        ({"email": "no mail"}, "email"),
        ({"address": "y" * 301}, "address"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(site: str, changes: Any, field: str) -> None:
    if not field:
        row = services.keep(site, {**FIRM, **changes}, by=BY)
        assert Contractor.objects.get(id=row).company_number == "00000012"
        return
    with pytest.raises(RegisterError) as refused:
        services.keep(site, {**FIRM, **changes}, by=BY)
    assert refused.value.field == field
    assert not Contractor.objects.exists()


def test_a_name_is_one_companys_at_a_time(site: str, firm: str) -> None:
    with pytest.raises(RegisterError) as refused:
        services.keep(site, FIRM, by=BY)
    assert refused.value.code == "taken"
    services.leave(site, firm, seen=1, by=BY)
    services.keep(site, FIRM, by=BY)
    with pytest.raises(RegisterError) as again:
        services.back(site, firm, seen=2, by=BY)
    assert again.value.code == "taken"


def test_whoever_saves_over_somebody_else_is_told(site: str, firm: str) -> None:
    services.keep(site, {**FIRM, "phone": "1"}, by=BY, contractor_id=firm, seen=1)
    with pytest.raises(StaleError):
        services.keep(site, {**FIRM, "phone": "2"}, by=LATER, contractor_id=firm, seen=1)
    assert Contractor.objects.get(id=firm).phone == "1"
    paper = papers.keep(site, firm, WANTED["insurance"], by=BY)
    changed = replace(WANTED["insurance"], number="P-2")
    papers.keep(site, firm, changed, by=BY, paper_id=paper, seen=1)
    for late in (1, 3):
        with pytest.raises(StaleError):
            papers.keep(site, firm, changed, by=LATER, paper_id=paper, seen=late)
    assert ContractorPaper.objects.get(id=paper).number == "P-2"


def test_what_left_stays_on_record_and_may_come_back(site: str) -> None:
    firm = enter(site, BY)
    services.leave(site, firm, seen=1, by=BY)
    assert not queries.standing(site, firm, TODAY).papers
    assert [one.values["id"] for one in queries.listed([site], left=True)] == [firm]
    assert queries.listed([site]) == []
    assert len(queries.papers([site], firm)) == len(known().kinds)
    with pytest.raises(RegisterError):
        papers.keep(site, firm, WANTED["insurance"], by=BY)
    services.back(site, firm, seen=2, by=BY)
    assert queries.standing(site, firm, TODAY).ok


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        ("carrier", {"number": "CBDX1"}, "number"),
        ("carrier", {"number": "CBDU12345678"}, "number"),
        ("carrier", {"number": ""}, "number"),
        ("carrier", {"number": "CBDL12"}, "level"),
        ("carrier", {"level": "middle"}, "level"),
        ("carrier", {"scheme": "france"}, "scheme"),
        ("carrier", {"scheme": "other", "scheme_name": " "}, "scheme_name"),
        ("carrier", {"valid_from": ""}, "valid_from"),
        ("carrier", {"valid_from": "20260101"}, "valid_from"),
        ("carrier", {"valid_to": "2027-02-29"}, "valid_to"),
        ("carrier", {"valid_to": "2025-12-31"}, "valid_to"),
        ("insurance", {"valid_to": ""}, "valid_to"),
        ("insurance", {"number": "9" * 41}, "number"),
        ("sub_processors", {"lines": "\n \n"}, "lines"),
        ("carrier", {"kind": "passport"}, "kind"),
    ],
)
def test_a_paper_that_cannot_be_is_refused(
    site: str, firm: str, kind: str, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(RegisterError) as refused:
        papers.keep(site, firm, replace(WANTED[kind], **changes), by=BY)
    assert refused.value.field == field
    assert not ContractorPaper.objects.exists()


def test_numbers_of_england_are_kept_in_one_form_and_others_as_they_stand(
    site: str, firm: str
) -> None:
    first = replace(WANTED["carrier"], number=" cbdu 545-97 ")
    row = ContractorPaper.objects.get(id=papers.keep(site, firm, first, by=BY))
    assert row.number == "CBDU54597"
    other = replace(first, scheme="other", scheme_name="Waste permit (new)", number="WP/1 b")
    row = ContractorPaper.objects.get(id=papers.keep(site, firm, other, by=BY))
    assert (row.number, row.scheme_name) == ("WP/1 b", "Waste permit (new)")


def test_a_paper_that_was_a_mistake_or_taken_away_counts_no_more(site: str) -> None:
    firm = enter(site, BY)
    [paper] = [one for one in queries.papers([site], firm) if one["kind"] == "carrier"]
    with pytest.raises(RegisterError):
        papers.end(site, firm, paper["id"], "lost", seen=1, by=BY)
    papers.end(site, firm, paper["id"], "withdrawn", seen=1, by=BY)
    assert queries.standing(site, firm, TODAY).missing == ["carrier"]
    with pytest.raises(RegisterError):
        papers.end(site, firm, paper["id"], "mistake", seen=2, by=BY)


def test_the_copy_is_kept_by_what_is_in_it_and_stays_until_another_is_sent(
    site: str, firm: str
) -> None:
    paper = papers.keep(site, firm, WANTED["guarantee"], by=BY)
    assert "no copy" in queries.standing(site, firm, TODAY).sentence
    told: dict[str, Any] = {"by": BY, "paper_id": paper}
    papers.keep(site, firm, WANTED["guarantee"], seen=1, file=File("g.txt", TEXT), **told)
    papers.keep(site, firm, WANTED["guarantee"], seen=2, **told)
    [row] = queries.papers([site], firm)
    assert len(row["document__sha256"]) == 64
    assert "guarantee" not in queries.standing(site, firm, TODAY).missing
    bad = File("g.exe", b"MZ\x90\x00")
    with pytest.raises(RegisterError):
        papers.keep(site, firm, WANTED["guarantee"], seen=3, file=bad, **told)
    assert ContractorPaper.objects.get(id=paper).seq == 3


def test_what_ends_soon_or_is_over_is_told_once_and_the_soonest_first(site: str) -> None:
    firm = enter(site, BY)
    other = create_site(name="Other School", at=NOW)
    over = replace(WANTED["permit"], valid_to="2026-11-01")
    papers.keep(site, firm, replace(over, scheme="t11", number="T1"), by=BY)
    soon = replace(WANTED["insurance"], valid_to="2027-01-22", scheme="", number="P-0")
    assert queries.expiring([site], "2027-11-01") != []
    found = queries.expiring([site], TODAY)
    assert [(one.kind, one.days_left) for one in found] == [("permit", -22)]
    papers.keep(site, firm, soon, by=BY)  # the other one counts for longer
    assert queries.expiring([site], TODAY) == found
    assert queries.expiring([other], TODAY) == []
    services.leave(site, firm, seen=1, by=BY)
    assert queries.expiring([site], TODAY) == []


def test_the_list_asks_no_more_for_many_companies(
    site: str, django_assert_num_queries: Any
) -> None:
    enter(site, BY)
    with django_assert_num_queries(4):
        queries.listed([site])
    for number in range(3):
        enter(site, BY, name=f"Firm {number}")
    with django_assert_num_queries(4):
        assert len(queries.listed([site])) == 4


def test_every_change_is_an_event_without_names_or_words(site: str) -> None:
    firm = enter(site, BY)
    services.keep(site, {**FIRM, "contact": "Ann Other"}, by=LATER, contractor_id=firm, seen=1)
    rules.change(site, "3", {"recycle.insurance": "must"}, seen=0, by=LATER)
    said = list(Event.objects.filter(site_id=site).values_list("verb", "actor", "subject"))
    verbs = [verb for verb, _, _ in said]
    assert verbs.count("contractor.paper") == len(known().kinds)
    assert {"contractor.create", "contractor.change", "contractor.rules"} <= set(verbs)
    assert all("Other" not in " ".join(one) for one in said)


def test_the_school_says_what_it_asks_for_and_two_at_once_do_not_overwrite(site: str) -> None:
    wish = {"recycle.insurance": "must", "recycle.carrier": "no", "recycle.permit": "must"}
    assert rules.change(site, "3", wish, seen=0, by=BY) == 1
    held = rules.rules(site)
    assert (held.version, held.dial, held.asks) == (1, "3", {"recycle.insurance": "must"})
    with pytest.raises(StaleError):
        rules.change(site, "1", {}, seen=0, by=LATER)
    for dial, asks in (("4", {}), ("2", {"recycle.permit": "maybe"})):
        with pytest.raises(RegisterError):
            rules.change(site, dial, asks, seen=1, by=LATER)
    assert rules.rules(site) == held


def test_what_the_rules_for_disposals_ask_for_cannot_be_left_out(site: str) -> None:
    """Else a company could be booked that no disposal may go with (I7)."""
    firm = enter(site, BY)
    wish = {f"{one}.permit": "no" for one in known().handovers}
    rules.change(site, "1", wish, seen=0, by=BY)
    [paper] = [one for one in queries.papers([site], firm) if one["kind"] == "permit"]
    papers.end(site, firm, paper["id"], "withdrawn", seen=1, by=BY)
    for handover in known().handovers:
        assert queries.standing(site, firm, TODAY, handover).missing == ["permit"]


def test_whom_to_ring_is_let_go_of_six_years_after_a_company_left(site: str) -> None:
    firm = enter(site, BY)
    services.leave(site, firm, seen=1, by=BY)
    assert letting_go.let_go(NOW + 6 * 366 * DAY) == 0
    assert letting_go.let_go(NOW + 6 * 366 * DAY + 1) == 1
    row = Contractor.objects.get(id=firm)
    assert (row.contact, row.phone, row.email) == ("", "", "")
    assert row.name == FIRM["name"]
    assert letting_go.let_go(NOW + 7 * 366 * DAY) == 0
