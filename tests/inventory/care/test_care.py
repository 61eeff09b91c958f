"""Recurring care: when it is due, what became of it, and what is not the school's to care for."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.states import State
from inventory.assets.writing import By
from inventory.care import doing, kinds, queries, services
from inventory.care.days import due, later, month_end
from inventory.care.doing import File, Mark, Told
from inventory.care.kinds import Wanted
from inventory.care.letting_go import DAY, NAMES_DAYS, let_go
from inventory.models import Asset, Care, CareDone, CareKind, Event
from inventory.places.services import create_site
from tests.inventory.documents import files

NOW = 1_795_400_000
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 60)
TODAY = "2026-11-22"
PAT = Wanted("PAT test", 12, certificate=True)
TOLD = Told("Sparks Ltd, J. Ohm", "2026-11-20", "Lead replaced")


@pytest.mark.parametrize(
    ("on", "every", "unit", "then"),
    [
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2028-01-31", 1, "months", "2028-02-29"),
        ("2026-02-28", 1, "months", "2026-03-28"),
        ("2028-02-29", 12, "months", "2029-02-28"),
        ("2028-02-29", 48, "months", "2032-02-29"),
        ("2026-12-15", 1, "months", "2027-01-15"),
        ("2026-11-30", 1, "months", "2026-12-30"),
        ("2026-08-31", 6, "months", "2027-02-28"),
        ("2026-12-31", 120, "months", "2036-12-31"),
        ("2026-10-25", 1, "days", "2026-10-26"),
        ("2027-02-28", 1, "days", "2027-03-01"),
    ],
)
def test_care_is_due_again_by_the_calendar(on: str, every: int, unit: str, then: str) -> None:
    assert later(on, every, unit) == then


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1)), st.integers(1, 120))
def test_so_many_months_later_is_in_that_month_and_never_after_that_day(
    on: datetime.date, every: int
) -> None:
    then = datetime.date.fromisoformat(later(on.isoformat(), every, "months"))
    assert (then.year * 12 + then.month) - (on.year * 12 + on.month) == every
    assert then.day <= on.day


def test_what_failed_stays_due_until_it_passes() -> None:
    assert due("2026-09-01", "", "", 12, "months") == "2026-09-01"
    assert due("2026-09-01", "2026-11-20", "fail", 12, "months") == "2026-11-20"
    assert due("2026-09-01", "2026-11-20", "pass", 12, "months") == "2027-11-20"


@pytest.mark.parametrize(
    ("today", "end"),
    [("2026-02-01", "2026-02-28"), ("2028-02-29", "2028-02-29"), ("2026-12-31", "2026-12-31")],
)
def test_a_month_ends_on_its_last_day(today: str, end: str) -> None:
    assert month_end(today) == end


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def things(site: str) -> list[str]:
    rows = [{"tag": f"HS-{n}", "kind": "trolley"} for n in range(3)]
    return assets.add_many(site, rows, by=BY)


@pytest.fixture
def pat(site: str, things: list[str]) -> str:
    kind = kinds.add(site, PAT, by=BY)
    services.begin(site, kind, things, "2026-09-01", by=BY)
    return kind


def marks(kind: str, result: str = "pass") -> dict[str, Mark]:
    return {row.id: Mark(result, row.seq) for row in Care.objects.filter(kind=kind).order_by("id")}


def note(site: str, kind: str, result: str = "pass", told: Told = TOLD, by: By = BY) -> str:
    return doing.note_done(site, kind, marks(kind, result), told, today=TODAY, by=by)


def days(kind: str) -> set[str]:
    return set(Care.objects.filter(kind=kind).values_list("due_on", flat=True))


def test_a_room_is_noted_as_done_in_one_step_with_one_certificate(site: str, pat: str) -> None:
    before = Event.objects.count()
    paper = File("pat 2026.pdf", files.PDF)
    batch = doing.note_done(site, pat, marks(pat), TOLD, today=TODAY, by=BY, certificate=paper)
    assert days(pat) == {"2027-11-20"}
    papers = set(CareDone.objects.filter(batch=batch).values_list("certificate", flat=True))
    assert len(papers) == 1
    assert papers != {""}
    assert [e.verb for e in Event.objects.order_by("seq")[before:]] == [
        "document.keep",
        "care.done",
    ]
    with pytest.raises(RegisterError, match="already"):
        doing.add_certificate(site, batch, paper, by=BY)


def test_a_mistake_is_taken_back_once_and_the_day_before_counts_again(site: str, pat: str) -> None:
    first = note(site, pat, told=Told("Ann", "2026-03-31"))
    second = note(site, pat, by=LATER)
    assert days(pat) == {"2027-11-20"}
    assert doing.undo(site, second, by=LATER) == 3
    assert days(pat) == {"2027-03-31"}
    with pytest.raises(RegisterError, match="already"):
        doing.undo(site, second, by=LATER)
    doing.undo(site, first, by=LATER)
    assert days(pat) == {"2026-09-01"}
    assert CareDone.objects.count() == 6


def test_what_is_typed_in_later_of_an_earlier_day_moves_nothing(site: str, pat: str) -> None:
    note(site, pat)
    note(site, pat, told=Told("Ann", "2025-11-20"), by=LATER)
    assert days(pat) == {"2027-11-20"}


def test_two_people_do_not_note_the_same_round_twice(site: str, pat: str) -> None:
    on_both_screens = marks(pat)
    doing.note_done(site, pat, on_both_screens, TOLD, today=TODAY, by=BY)
    with pytest.raises(StaleError):
        doing.note_done(site, pat, on_both_screens, TOLD, today=TODAY, by=LATER)
    assert CareDone.objects.count() == 3


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (Told("", "2026-11-20"), "who"),
        (Told("\u202e\u200b", "2026-11-20"), "who"),
        (Told("x" * 81, "2026-11-20"), "who"),
        (Told("Ann", ""), "on"),
        (Told("Ann", "31/02/2026"), "on"),
        (Told("Ann", "2026-02-29"), "on"),
        (Told("Ann", "2026-11-23"), "on"),
        (Told("Ann", "1969-12-31"), "on"),
        (Told("Ann", "2026-11-20", "x" * 501), "note"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_kept(
    site: str, pat: str, told: Told, field: str
) -> None:
    with pytest.raises(RegisterError) as refused:
        note(site, pat, told=told)
    assert refused.value.field == field
    assert not CareDone.objects.exists()


def test_today_is_not_still_to_come(site: str, pat: str) -> None:
    note(site, pat, told=Told("Ann", TODAY))
    assert days(pat) == {"2027-11-22"}


def test_a_paper_that_is_none_keeps_nothing(site: str, pat: str) -> None:
    bad = File("pat.pdf", b"<html>")
    with pytest.raises(RegisterError):
        doing.note_done(site, pat, marks(pat), TOLD, today=TODAY, by=BY, certificate=bad)
    assert not CareDone.objects.exists()


def test_what_failed_is_broken_only_when_somebody_says_so(
    site: str, pat: str, things: list[str]
) -> None:
    batch = note(site, pat, "fail")
    assert set(Asset.objects.values_list("condition", "state")) == {("", "in_use")}
    assets.change(site, things[1], {"notes": "x"}, by=BY)
    with pytest.raises(StaleError):
        doing.after_failing(site, batch, dict.fromkeys(things, 1), out_of_use=True, by=LATER)
    step = doing.after_failing(site, batch, {things[0]: 1}, out_of_use=True, by=LATER)
    changed = Asset.objects.get(id=things[0])
    assert (changed.condition, changed.state) == ("broken", "retired")
    assert {row.asset for row in queries.due([site], queries.Asked(until="2027-01-01"))} == {
        *things[1:]
    }
    assets.undo(site, step, by=LATER)
    changed.refresh_from_db()
    assert (changed.condition, changed.state) == ("", "in_use")


def test_only_what_failed_may_be_said_to_be_broken(site: str, pat: str, things: list[str]) -> None:
    batch = note(site, pat)
    for seen in ({things[0]: 1}, {}):
        with pytest.raises(RegisterError, match="failed"):
            doing.after_failing(site, batch, seen, out_of_use=False, by=BY)


@pytest.mark.parametrize("state", ["lost", "stolen", "retired"])
def test_what_rests_is_not_due_and_is_due_again_when_it_comes_back(
    site: str, pat: str, things: list[str], state: State
) -> None:
    asked = queries.Asked(until=TODAY)
    assets.move(site, things[:1], state, by=BY)
    assert len(queries.due([site], asked)) == 2
    assets.move(site, things[:1], "in_use", by=BY)
    assert len(queries.due([site], asked)) == 3


def test_what_others_keep_in_order_is_theirs(site: str, pat: str, things: list[str]) -> None:
    assets.change(site, things[0], {"ownership": "provided"}, by=BY)
    assert len(queries.due([site], queries.Asked(until=TODAY))) == 2
    copier = assets.add(site, {"kind": "printer", "ownership": "provided"}, by=BY)
    begun = services.begin(site, pat, [copier, things[1]], TODAY, by=BY)
    assert begun == services.Begun(0, {"theirs": 1, "already": 1})


def test_care_is_stopped_and_begun_again_with_what_was_done_before(
    site: str, pat: str, things: list[str]
) -> None:
    note(site, pat)
    assert services.stop(site, pat, things, by=BY) == 3
    assert services.stop(site, pat, things, by=BY) == 0
    assert queries.due([site], queries.Asked(until="2099-01-01")) == []
    assert services.begin(site, pat, things, "2030-01-01", by=BY).number == 3
    assert days(pat) == {"2027-11-20"}
    assert Care.objects.count() == 3


def test_another_interval_moves_every_day_and_two_people_see_that_they_met(
    site: str, pat: str
) -> None:
    note(site, pat)
    assert kinds.change(site, pat, Wanted("PAT test", 24), 1, by=BY) == 3
    assert days(pat) == {"2028-11-20"}
    with pytest.raises(StaleError):
        kinds.change(site, pat, Wanted("PAT test", 6), 1, by=LATER)


def test_a_kind_that_ended_is_due_nowhere_and_its_name_is_free(site: str, pat: str) -> None:
    with pytest.raises(RegisterError, match="already"):
        kinds.add(site, PAT, by=BY)
    kinds.end(site, pat, by=BY)
    assert queries.due([site], queries.Asked(until="2099-01-01")) == []
    assert kinds.add(site, PAT, by=BY) != pat
    with pytest.raises(RegisterError, match="any more"):
        note(site, pat)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(" ", 1), "name"),
        (Wanted("x" * 81, 1), "name"),
        (Wanted("A", 0), "every"),
        (Wanted("A", 121), "every"),
        (Wanted("A", 3_651, "days"), "every"),
        (Wanted("A", 1, "weeks"), "unit"),
    ],
)
def test_a_kind_needs_a_name_and_a_number(site: str, wanted: Wanted, field: str) -> None:
    with pytest.raises(RegisterError) as refused:
        kinds.add(site, wanted, by=BY)
    assert refused.value.field == field
    assert not CareKind.objects.exists()


def test_another_school_reaches_nothing(site: str, pat: str, things: list[str]) -> None:
    other = create_site(name="Other School", at=NOW)
    batch = note(site, pat)
    for deed in (
        lambda: doing.note_done(other, pat, marks(pat), TOLD, today=TODAY, by=BY),
        lambda: doing.undo(other, batch, by=BY),
        lambda: services.begin(other, pat, things, TODAY, by=BY),
        lambda: services.stop(other, pat, things, by=BY),
        lambda: kinds.end(other, pat, by=BY),
        lambda: doing.add_certificate(other, batch, File("a.pdf", files.PDF), by=BY),
    ):
        with pytest.raises(RegisterError):
            deed()
    theirs = kinds.add(other, PAT, by=BY)
    with pytest.raises(RegisterError, match="no such entry"):
        services.begin(other, theirs, things, TODAY, by=BY)
    assert queries.due([other], queries.Asked(until="2099-01-01")) == []
    assert queries.step([other], batch) is None


def test_six_years_later_nobody_is_named_and_the_fact_stays(site: str, pat: str) -> None:
    note(site, pat)
    assert let_go(NOW + NAMES_DAYS * DAY) == 0
    assert let_go(NOW + NAMES_DAYS * DAY + 1) == 3
    row = CareDone.objects.first()
    assert row is not None
    assert (row.who, row.note, row.on, row.result) == ("", "", "2026-11-20", "pass")
    assert let_go(NOW + NAMES_DAYS * DAY + 1) == 0
