"""Away for repair: who has it, and whether it came back with its own drive and board."""

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.models import Asset, Away, Event
from inventory.places.services import create_site
from inventory.repairs import letting_go, queries
from inventory.repairs.comparing import Changed, Inside, changed
from inventory.repairs.services import Sent, answer, back, send

NOW = 1_795_400_000
DAY = 86_400
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 86_400)
WAS = Inside("BOARD1", ("DISK1", "DISK2"))
SENT = Sent("Fixit Ltd", "in", "yes", "R-17", "no picture", "2026-12-04")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (WAS, WAS, Changed()),
        (WAS, Inside("board-1", ("disk 2", "DISK-1")), Changed()),
        (WAS, Inside("BOARD1", ("DISK1",)), Changed(gone=("DISK2",))),
        (WAS, Inside("BOARD1", ("DISK1", "DISK2", "DISK3")), Changed(new=("DISK3",))),
        (
            WAS,
            Inside("BOARD2", ("DISK1", "DISK9")),
            Changed(("DISK2",), ("DISK9",), "BOARD1", "BOARD2"),
        ),
        (WAS, Inside(), Changed()),
        (Inside(), WAS, Changed()),
        (Inside("", ("DISK1",)), Inside("BOARD2", ()), Changed()),
    ],
)
def test_only_what_is_known_before_and_after_is_said_to_have_changed(
    before: Inside, now: Inside, told: Changed
) -> None:
    assert changed(before, now) == told
    assert told.anything == (told != Changed())


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    return assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=BY)


def test_a_laptop_goes_away_and_comes_back(site: str, laptop: str) -> None:
    send(site, laptop, SENT, by=BY, before=WAS, seen=1)
    (trip,) = queries.away([site])
    assert (trip.repairer, trip.reference, trip.expected_on) == ("Fixit Ltd", "R-17", "2026-12-04")
    assert trip.before == WAS
    assert Asset.objects.get(id=laptop).state == "repair"
    back(site, laptop, "in_use", by=LATER)
    assert queries.away([site]) == []
    assert [one.id for one in queries.unanswered([site])] == [trip.id]
    assert Asset.objects.get(id=laptop).state == "in_use"
    assert Event.objects.filter(verb__startswith="repair.", subject=laptop).count() == 2
    with pytest.raises(RegisterError, match="back already"):
        back(site, laptop, "in_use", by=LATER)


def test_it_is_away_once_at_a_time_and_nobody_is_overtaken(site: str, laptop: str) -> None:
    assets.change(site, laptop, {"notes": "x"}, by=BY)
    with pytest.raises(StaleError):
        send(site, laptop, SENT, by=BY, before=WAS, seen=1)
    send(site, laptop, SENT, by=BY, before=WAS, seen=2)
    with pytest.raises(RegisterError, match="already"):
        send(site, laptop, SENT, by=LATER, before=WAS)
    assert Away.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        Sent("", "in", "yes"),
        Sent("x" * 129, "in", "yes"),
        Sent("Fixit", "maybe", "yes"),
        Sent("Fixit", "in", ""),
        Sent("Fixit", "out", "yes"),
        Sent("Fixit", "in", "no", expected_on="2026-02-29"),
        Sent("Fixit", "in", "no", reference="x" * 65),
        Sent("Fixit", "in", "no", fault="x" * 501),
    ],
)
def test_what_does_not_fit_is_refused_and_it_stays_here(site: str, laptop: str, sent: Sent) -> None:
    with pytest.raises(RegisterError):
        send(site, laptop, sent, by=BY, before=WAS)
    assert Asset.objects.get(id=laptop).state == "in_use"
    assert not Away.objects.exists()


def test_a_changed_drive_is_answered_for_once(site: str, laptop: str) -> None:
    trip = send(site, laptop, SENT, by=BY, before=WAS)
    with pytest.raises(RegisterError, match="nothing to answer"):
        answer(site, trip, "too early", by=BY)
    back(site, laptop, "stored", by=LATER)
    with pytest.raises(RegisterError, match="Say what became of it"):
        answer(site, trip, "  ", by=LATER)
    answer(site, trip, "Shredded by Fixit, certificate 12", by=LATER)
    with pytest.raises(RegisterError, match="already"):
        answer(site, trip, "no, by me", by=LATER)
    assert queries.unanswered([site]) == []
    assert queries.of_entry([site], laptop)[0].answer == "Shredded by Fixit, certificate 12"


def test_what_a_person_moved_to_repair_by_hand_is_named(site: str, laptop: str) -> None:
    other = assets.add(site, {"tag": "HS-2"}, by=BY)
    assets.move(site, [other], "repair", by=BY)
    send(site, laptop, SENT, by=BY, before=WAS)
    assert queries.without_word([site]) == [other]
    back(site, laptop, "in_use", by=LATER)
    assets.move(site, [laptop], "repair", by=LATER)
    assert queries.without_word([site]) == sorted([laptop, other])


def test_another_schools_things_cannot_be_sent_nor_answered_for(site: str, laptop: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    with pytest.raises(RegisterError):
        send(other, laptop, SENT, by=BY, before=WAS)
    trip = send(site, laptop, SENT, by=BY, before=WAS)
    with pytest.raises(RegisterError):
        back(other, laptop, "in_use", by=LATER)
    back(site, laptop, "in_use", by=LATER)
    with pytest.raises(RegisterError):
        answer(other, trip, "mine", by=LATER)
    assert queries.of_entry([other], laptop) == queries.away([other]) == []


@pytest.mark.parametrize(("days", "stays"), [(6 * 365, True), (6 * 365 + 1, False)])
def test_six_years_after_its_return_the_words_go_and_the_fact_stays(
    days: int, *, stays: bool, site: str, laptop: str
) -> None:
    send(site, laptop, SENT, by=BY, before=WAS, seen=1)
    assert letting_go.let_go(NOW + 20 * 365 * DAY) == 0  # it is away
    back(site, laptop, "in_use", by=LATER)
    answer(site, Away.objects.get().id, "Maya Jones took it to the tip", by=LATER)
    assert letting_go.let_go(LATER.at + days * DAY) == (0 if stays else 1)
    row = Away.objects.get()
    assert bool(row.answer and row.fault and row.reference) is stays
    assert (row.repairer, row.answered_by) == ("Fixit Ltd", "user_2")
