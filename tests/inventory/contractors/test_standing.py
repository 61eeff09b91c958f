"""Whether a company may take equipment away on a day: every paper from its first day to its last
(I7, T3, T8)."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from inventory.contractors.kinds import Rules, known
from inventory.contractors.standing import (
    SOON_DAYS,
    Paper,
    Standing,
    days_left,
    ends_soon,
    newest,
    standing,
)

DAY = "2026-11-22"
COPY = "ab" * 32
TERMS = tuple(known().terms)


def paper(kind: str, **changes: Any) -> Paper:
    """A paper of a kind that counts in 2026, and until the end of 2027."""
    kinds: dict[str, dict[str, Any]] = {
        "carrier": {"scheme": "england", "level": "upper", "number": "CBDU54597"},
        "permit": {"scheme": "aatf", "number": "AATF/12"},
        "accreditation": {"scheme": "adisa", "level": "3", "number": "A-77"},
        "agreement": {"terms": TERMS, "sha256": COPY},
        "guarantee": {"sha256": COPY},
        "insurance": {"number": "P-1"},
        "sub_processors": {"listed": True},
    }
    told = {"id": f"paper_{kind}", "valid_from": "2026-01-01", "valid_to": "2027-12-31"}
    return Paper(kind=kind, **(told | kinds[kind] | changes))


def whole(**changes: dict[str, Any]) -> list[Paper]:
    """All of a company's papers, some of them otherwise."""
    return [paper(kind, **changes.get(kind, {})) for kind in known().kinds]


def at(papers: list[Paper], day: str = DAY, handover: str = "unwiped") -> Standing:
    return standing(papers, handover, day, Rules())


@pytest.mark.parametrize("handover", list(known().handovers))
def test_with_all_papers_in_force_they_may(handover: str) -> None:
    found = at(whole(), handover=handover)
    assert found.ok
    assert found.sentence == ""
    assert {one.kind for one in found.papers} == set(known().kinds)


@pytest.mark.parametrize("handover", list(known().handovers))
def test_without_any_they_may_not_and_each_is_named(handover: str) -> None:
    found = at([], handover=handover)
    needed = [need.id for need in known().handovers[handover].needs if need.asks == "must"]
    assert [one.need for one in found.lacking] == needed
    assert found.missing == [one.kind for one in found.lacking]
    assert "(I7)" in found.sentence
    for one in found.lacking:
        assert known().kinds[one.kind].label in found.sentence


@pytest.mark.parametrize("kind", list(known().kinds))
@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2027-12-31", True),
        ("2028-01-01", False),
    ],
)
def test_a_paper_counts_from_its_first_day_to_its_last(kind: str, day: str, counts: bool) -> None:
    found = at([paper(kind)], day)
    assert (kind in {one.kind for one in found.papers}) == counts
    said = [one for one in (*found.lacking, *found.warnings) if one.kind == kind]
    if not counts:
        expected = "not_yet" if day < "2026" else "expired"
        assert [one.code for one in said] == [expected]


@pytest.mark.parametrize(
    ("last", "day", "counts"),
    [
        ("2028-02-29", "2028-02-28", True),
        ("2028-02-29", "2028-02-29", True),
        ("2028-02-29", "2028-03-01", False),
        ("2027-02-28", "2027-02-28", True),
        ("2027-02-28", "2027-03-01", False),
    ],
)
def test_the_last_of_february_is_a_day_like_others(last: str, day: str, counts: bool) -> None:
    papers = whole(**{kind: {"valid_to": last} for kind in known().kinds})
    assert at(papers, day).ok == counts


def test_29_february_is_counted_among_the_days_left() -> None:
    assert days_left("2028-03-01", "2028-02-28") == 2
    assert days_left("2027-03-01", "2027-02-28") == 1


def test_a_paper_without_a_last_day_counts_on() -> None:
    assert at(whole(agreement={"valid_to": ""}, carrier={"valid_to": ""})).ok
    assert days_left("", DAY) is None


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("carrier", {"level": "lower"}, "level"),
        ("carrier", {"number": ""}, "no_number"),
        ("accreditation", {"level": "1"}, "level"),
        ("agreement", {"terms": TERMS[1:]}, "terms"),
        ("agreement", {"sha256": ""}, "no_copy"),
        ("guarantee", {"sha256": ""}, "no_copy"),
        ("insurance", {"valid_to": "2026-11-21"}, "expired"),
        ("permit", {"valid_from": "2026-11-23"}, "not_yet"),
    ],
)
def test_what_is_wrong_is_said_and_stops_it(kind: str, changes: dict[str, Any], code: str) -> None:
    found = at(whole(**{kind: changes}))
    [lack] = found.lacking
    assert (lack.kind, lack.code, lack.paper) == (kind, code, f"paper_{kind}")
    assert lack.sentence in found.sentence


def test_lower_tier_does_for_repair_and_use_again_only() -> None:
    papers = whole(carrier={"level": "lower", "number": "CBDL123"})
    assert at(papers, handover="reuse").ok
    assert not at(papers, handover="recycle").ok


def test_iso_27001_does_not_let_them_take_what_has_data_on_it() -> None:
    papers = whole(accreditation={"scheme": "iso_27001", "level": ""})
    assert at(papers, handover="recycle").ok
    [lack] = at(papers, handover="unwiped").lacking
    assert lack.code == "missing"
    assert "ADISA" in lack.sentence


def test_the_schools_level_of_harm_is_the_least() -> None:
    papers = whole(accreditation={"level": "2"})
    for dial, ok in (("1", True), ("2", True), ("3", False)):
        assert standing(papers, "unwiped", DAY, Rules(dial=dial)).ok == ok


def test_a_school_may_ask_for_more_or_less_but_not_less_than_the_law() -> None:
    without = [one for one in whole() if one.kind not in ("insurance", "carrier")]
    asks = {"unwiped.insurance": "no", "unwiped.carrier": "no", "recycle.insurance": "must"}
    rules = Rules(version=3, asks=asks)
    found = standing(without, "unwiped", DAY, rules)
    assert [one.kind for one in found.lacking] == ["carrier"]
    assert found.rules == 3
    lacking = standing(without, "recycle", DAY, rules).lacking
    assert [one.kind for one in lacking] == ["carrier", "insurance"]


def test_a_renewal_counts_beside_what_it_renews() -> None:
    old = paper("carrier", valid_to="2026-11-21")
    new = replace(old, id="paper_new", valid_from="2026-11-22", valid_to="2029-11-21")
    papers = [one for one in whole() if one.kind != "carrier"]
    assert at([*papers, old, new]).ok
    assert "paper_new" in {one.id for one in at([*papers, old, new]).papers}
    assert not at([*papers, old, new], "2029-11-22").ok


def test_of_papers_that_do_not_count_the_nearest_is_spoken_of() -> None:
    over = paper("carrier", id="paper_old", valid_to="2026-06-03")
    low = paper("carrier", id="paper_low", level="lower")
    papers = [one for one in whole() if one.kind != "carrier"]
    assert at([*papers, over, low]).lacking[0].paper == "paper_low"
    assert "ended on 3 June 2026" in at([*papers, over]).sentence


@pytest.mark.parametrize(
    ("left", "soon"), [(-1, False), (0, True), (SOON_DAYS, True), (SOON_DAYS + 1, False)]
)
def test_soon_is_today_and_sixty_days_from_now(left: int, soon: bool) -> None:
    last = datetime.date.fromisoformat(DAY) + datetime.timedelta(days=left)
    one = paper("insurance", valid_to=last.isoformat())
    assert (ends_soon(one, DAY) is not None) == soon
    others = [other for other in whole() if other.kind != "insurance"]
    assert ["insurance"] * soon == [one.kind for one in at([*others, one]).soon]


def test_what_was_renewed_is_not_said_to_end() -> None:
    old = paper("insurance", valid_to="2026-12-01")
    new = replace(old, id="paper_new", valid_to="2027-12-01")
    assert newest([old, new]) == [new] == newest([new, old])
    assert len(newest([old, replace(new, scheme="other")])) == 2


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 12, 31)), st.integers(0, 400))
def test_it_counts_on_exactly_the_days_between(first: datetime.date, days: int) -> None:
    last = first + datetime.timedelta(days=days)
    one = paper("guarantee", valid_from=first.isoformat(), valid_to=last.isoformat())
    for day in (first, last, first - datetime.timedelta(1), last + datetime.timedelta(1)):
        held = {kept.kind for kept in at([one], day.isoformat()).papers}
        assert ("guarantee" in held) == (first <= day <= last)
