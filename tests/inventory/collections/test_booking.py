"""Collections: booked only with papers in force (I7), what may stand on a list (I5, I9), and the
day itself."""

from typing import Any

import pytest

from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.collections import candidates, leaving, letting_go, queries, services
from inventory.collections.leaving import Done, Went
from inventory.collections.services import Said, Wanted
from inventory.contractors import papers
from inventory.contractors import services as firms
from inventory.disposal import rules as texts
from inventory.disposal import rulings
from inventory.disposal import services as disposals
from inventory.documents import signatures
from inventory.documents.letting_go import forget_signatures
from inventory.models import Collection, CollectionLine, ContractorPaper, Disposal, Document, Event
from inventory.places.services import create_site
from tests.inventory.collections.things import approved, ready
from tests.inventory.contractors.firms import WANTED, enter
from tests.inventory.disposal.journey import HEAD, NOW, TECHNICIAN
from tests.inventory.disposal.stored import check_all

DAY = 86_400
BY = By(TECHNICIAN, NOW + 3_600)
TODAY = "2026-11-23"
DISK = "WD-WCC4E1111"
OTHER = "WD-WCC4E2222"
SIGNED = signatures.typed("Helen Marsh", ticked=True)


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def firm(site: str) -> str:
    return enter(site, BY)


def book(site: str, firm: str, handover: str = "recycle", day: str = TODAY) -> str:
    return services.book(site, firm, handover, Wanted(day, "Caretaker's room"), by=BY, today=TODAY)


def seq(collection: str) -> int:
    return Collection.objects.get(id=collection).seq


def put(site: str, collection: str, *things: str) -> list[CollectionLine]:
    services.choose(site, collection, things, seen=seq(collection), by=BY)
    rows = CollectionLine.objects.filter(collection=collection, open=True)
    return list(rows.order_by("id"))


def done(*lines: CollectionLine, **changes: Any) -> Done:
    went = {line.id: Went(Disposal.objects.get(id=line.disposal).seq) for line in lines}
    told = {"day": TODAY, "driver": "Sam Carter", "vehicle": "AB12 CDE", "went": went}
    note = {"note_kind": "consignment", "note_number": "HWCN-7"}
    return Done(**(told | note | changes))


def hand(site: str, collection: str, said: Done, **changes: Any) -> int:
    told: dict[str, Any] = {"seen": seq(collection), "by": BY, "today": TODAY} | changes
    return leaving.collect(site, collection, said, SIGNED, **told)


def allow_offsite(site: str) -> None:
    held = texts.default()
    wiping = texts.Wiping(
        **{name: getattr(held.wiping, name) for name in held.wiping.__struct_fields__}
        | {"offsite": True}
    )
    own = texts.Rules(
        **{name: getattr(held, name) for name in held.__struct_fields__} | {"wiping": wiping}
    )
    rulings.decide(site, texts.encode(own), by=By(HEAD, NOW))


def test_a_day_is_booked_and_what_went_is_recorded_for_each_with_the_papers_of_that_day(
    site: str, firm: str
) -> None:
    one, two = ready(site, "HS-1", DISK), ready(site, "HS-2", OTHER)
    collection = book(site, firm)
    lines = {line.disposal: line for line in put(site, collection, one, two)}
    first, second = lines[one], lines[two]
    assert [medium["serial"] for medium in first.media] == ["WDWCC4E1111"]
    assert first.code == "16 02 13*"
    assert hand(site, collection, done(first)) == 1
    check_all()
    row = Disposal.objects.get(id=one)
    assert (row.state, row.collection, row.contractor) == ("collected", collection, firm)
    assert Disposal.objects.get(id=two).state == "ready"
    held = Collection.objects.get(id=collection)
    assert (held.state, held.driver, held.day) == ("collected", "Sam Carter", TODAY)
    papers_then = {paper["kind"] for paper in held.standing["papers"]}
    assert {"carrier", "permit", "agreement", "guarantee"} <= papers_then
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.went, first.open, second.went, second.open) == (True, False, False, False)


def test_what_stayed_behind_goes_another_time(site: str, firm: str) -> None:
    one, two = ready(site, "HS-1", DISK), ready(site, "HS-2")
    collection = book(site, firm)
    lines = {line.disposal: line for line in put(site, collection, one, two)}
    hand(site, collection, done(lines[one]))
    later = book(site, firm)
    (line,) = put(site, later, two)
    hand(site, later, done(line))
    assert {row.state for row in Disposal.objects.all()} == {"collected"}
    check_all()


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("carrier", {"valid_to": "2026-11-22"}),
        ("agreement", {"valid_from": "2026-11-24"}),
        ("guarantee", {"document": None}),
        ("accreditation", {"valid_to": "2026-11-22"}),
        ("permit", {"ended_at": NOW}),
    ],
)
def test_it_is_not_booked_with_a_paper_out_of_date_and_says_which(
    site: str, firm: str, kind: str, changes: dict[str, Any]
) -> None:
    ContractorPaper.objects.filter(kind=kind).update(**changes)
    with pytest.raises(RegisterError, match="I7") as refused:
        book(site, firm)
    assert refused.value.field == "day"
    assert not Collection.objects.exists()


def test_the_last_day_of_a_paper_can_be_booked_and_the_next_cannot(site: str, firm: str) -> None:
    ContractorPaper.objects.filter(kind="carrier").update(valid_to="2026-12-01")
    book(site, firm, day="2026-12-01")
    with pytest.raises(RegisterError, match="ended on 1 December 2026"):
        book(site, firm, day="2026-12-02")


def test_a_paper_that_ended_since_it_was_booked_stops_it_at_the_gate(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1", DISK))
    paper = ContractorPaper.objects.get(kind="carrier")
    papers.end(site, firm, paper.id, "withdrawn", seen=1, by=BY)
    with pytest.raises(RegisterError, match="not entered") as refused:
        hand(site, collection, done(line))
    assert refused.value.code == "papers"
    assert Collection.objects.get().state == "booked"
    assert not Document.objects.filter(kind="signature").exists()
    assert Disposal.objects.get().state == "ready"


def test_the_papers_count_on_the_day_they_came_and_not_on_the_day_it_was_booked_for(
    site: str, firm: str
) -> None:
    collection = book(site, firm, day="2026-12-10")
    (line,) = put(site, collection, ready(site, "HS-1"))
    ContractorPaper.objects.filter(kind="insurance").delete()
    ContractorPaper.objects.filter(kind="carrier").update(valid_to="2026-12-12")
    late = {"by": By(TECHNICIAN, NOW + 20 * DAY), "today": "2026-12-13"}
    with pytest.raises(RegisterError, match="ended on 12 December"):
        hand(site, collection, done(line, day="2026-12-13"), **late)
    assert hand(site, collection, done(line, day="2026-12-12"), **late) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"driver": " "}, "driver"),
        ({"driver": "x" * 121}, "driver"),
        ({"day": "2026-11-24"}, "day"),
        ({"day": "2026-11-08"}, "day"),
        ({"day": "2026-02-30"}, "day"),
        ({"note_number": ""}, "note_number"),
        ({"note_kind": ""}, "note_kind"),
        ({"note_kind": "letter"}, "note_kind"),
        ({"note_kind": "transfer"}, "note_kind"),
        ({"went": {}}, "went"),
    ],
)
def test_what_is_wrong_on_the_day_is_said_at_its_field_and_nothing_is_recorded(
    site: str, firm: str, changes: dict[str, Any], field: str
) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    with pytest.raises(RegisterError) as refused:
        hand(site, collection, done(line, **changes))
    assert refused.value.field == field
    assert Collection.objects.get().state == "booked"


def test_what_is_not_hazardous_goes_on_a_transfer_note(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    said = {line.id: Said("160214", "removed", "S-1")}
    services.describe(site, collection, said, seen=seq(collection), by=BY)
    line.refresh_from_db()
    assert (line.code, line.battery, line.seal) == ("16 02 14", "removed", "S-1")
    assert hand(site, collection, done(line, note_kind="transfer")) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said("16 02"), "code"),
        (Said("١٦ ٠٢ ١٤"), "code"),
        (Said("16 02 14", "exploded"), "battery"),
        (Said("16 02 14", "", "s" * 41), "seal"),
    ],
)
def test_a_line_that_cannot_be_is_refused_at_its_field(
    site: str, firm: str, said: Said, field: str
) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    with pytest.raises(RegisterError) as refused:
        services.describe(site, collection, {line.id: said}, seen=seq(collection), by=BY)
    assert refused.value.field == f"{field}-{line.id}"


def test_without_a_waste_code_nothing_goes(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    services.describe(site, collection, {line.id: Said()}, seen=seq(collection), by=BY)
    with pytest.raises(RegisterError, match="waste code"):
        hand(site, collection, done(line))


def test_what_is_not_wiped_stands_on_no_list_unless_the_rules_let_a_company_wipe(
    site: str, firm: str
) -> None:
    one = approved(site, "HS-1", DISK)
    for handover in ("recycle", "reuse"):
        with pytest.raises(RegisterError, match="I5"):
            put(site, book(site, firm, handover), one)
    with pytest.raises(RegisterError, match="I9"):
        book(site, firm, "unwiped")
    allow_offsite(site)
    collection = book(site, firm, "unwiped")
    (line,) = put(site, collection, one)
    assert line.media[0]["state"] == "untouched"
    assert hand(site, collection, done(line)) == 1
    check_all()


def test_a_thing_is_on_one_list_at_a_time(site: str, firm: str) -> None:
    one, first, second = ready(site, "HS-1"), book(site, firm), book(site, firm)
    put(site, first, one)
    with pytest.raises(RegisterError, match="another collection"):
        put(site, second, one)
    put(site, first)
    put(site, second, one)
    services.cancel(site, second, seen=seq(second), by=BY)
    (line,) = put(site, first, one)
    assert (line.collection_id, CollectionLine.objects.count()) == (first, 2)
    with pytest.raises(RegisterError):
        services.cancel(site, second, seen=seq(second), by=BY)


def test_another_schools_things_and_companies_are_not_there(site: str, firm: str) -> None:
    other = create_site(name="Other School", at=NOW)
    one, theirs = ready(site, "HS-1"), enter(other, BY)
    with pytest.raises(RegisterError):
        book(other, firm)
    collection = book(other, theirs)
    with pytest.raises(RegisterError, match="not on its way out"):
        put(other, collection, one)
    with pytest.raises(RegisterError):
        services.cancel(site, collection, seen=1, by=BY)
    assert queries.one([site], collection) is None
    assert candidates.waiting([other], "recycle") == []


def test_whoever_is_second_is_told(site: str, firm: str) -> None:
    one, collection = ready(site, "HS-1"), book(site, firm)
    (line,) = put(site, collection, one)
    with pytest.raises(StaleError):
        services.choose(site, collection, [], seen=1, by=BY)
    with pytest.raises(StaleError):
        hand(site, collection, done(line), seen=1)
    before = done(line)
    reason = "The head wants to look at it."
    by = By(HEAD, NOW + 7_200)
    disposals.hold(site, one, kind="incident", reason=reason, by=by, seen=None)
    with pytest.raises(RegisterError):
        hand(site, collection, before)
    assert Disposal.objects.get().state == "ready"
    assert [row.why != "" for row in candidates.waiting([site], "recycle")] == [True]


def test_a_line_of_another_collection_does_not_go(site: str, firm: str) -> None:
    first, second = book(site, firm), book(site, firm)
    (line,) = put(site, first, ready(site, "HS-1"))
    with pytest.raises(StaleError):
        hand(site, second, done(line))


def test_a_company_with_a_booking_does_not_leave(site: str, firm: str) -> None:
    collection = book(site, firm)
    with pytest.raises(RegisterError, match="booked"):
        firms.leave(site, firm, seen=1, by=BY)
    services.cancel(site, collection, seen=1, by=BY)
    firms.leave(site, firm, seen=1, by=BY)


@pytest.mark.parametrize(
    ("day", "field"),
    [("2026-11-22", "day"), ("2028-01-01", "day"), ("", "day"), ("2027-02-29", "day")],
)
def test_a_day_that_cannot_be_is_refused(site: str, firm: str, day: str, field: str) -> None:
    with pytest.raises(RegisterError) as refused:
        book(site, firm, day=day)
    assert refused.value.field == field


def test_a_change_looks_at_the_papers_again(site: str, firm: str) -> None:
    collection = book(site, firm)
    wanted = Wanted("2027-01-05", "Hall", "S1 S2", "transfer", "WTN-1", "T-9")
    services.change(site, collection, wanted, seen=1, by=BY, today=TODAY)
    row = Collection.objects.get()
    assert (row.day, row.seals, row.note_number, row.seq) == ("2027-01-05", "S1 S2", "WTN-1", 2)
    wish = Wanted("2027-12-31")
    ContractorPaper.objects.filter(kind="permit").update(valid_to="2027-12-30")
    with pytest.raises(RegisterError, match="I7"):
        services.change(site, collection, wish, seen=2, by=BY, today=TODAY)


def test_every_step_is_an_event_of_ids_and_digests(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1", DISK))
    hand(site, collection, done(line))
    rows = Event.objects.filter(subject=collection).order_by("seq")
    verbs = ["collection.book", "collection.choose", "collection.collect"]
    assert [row.verb for row in rows] == verbs
    assert all(len(row.after_digest) == 71 for row in rows)
    papers.keep(site, firm, WANTED["insurance"], by=BY)


def test_the_signature_stays_and_the_driver_goes(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    hand(site, collection, done(line))
    row = Collection.objects.get()
    assert forget_signatures(site, [row.signature], NOW) == 0
    at = row.collected_at or 0
    assert letting_go.let_go(at + 3 * 366 * DAY) == 0
    assert letting_go.let_go(at + 3 * 366 * DAY + 1) == 1
    row.refresh_from_db()
    assert (row.driver, row.vehicle, row.note_number) == ("", "", "HWCN-7")


def test_a_driver_may_ask_to_be_forgotten(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    hand(site, collection, done(line))
    leaving.forget_driver(site, collection, by=BY)
    row = Collection.objects.get()
    assert (row.driver, row.vehicle, row.state) == ("", "", "collected")
    assert Event.objects.filter(verb="collection.forget_driver", subject=collection).exists()


def test_their_own_code_is_kept_beside_ours(site: str, firm: str) -> None:
    collection = book(site, firm)
    (line,) = put(site, collection, ready(site, "HS-1"))
    told = {line.id: Went(Disposal.objects.get().seq, "160214")}
    hand(site, collection, done(went=told))
    line.refresh_from_db()
    assert (line.code, line.code_theirs) == ("16 02 13*", "16 02 14")
