"""Where a limit begins and ends: values, days, offers, and who counts as having done what."""

from collections.abc import Callable

import pytest

from inventory.disposal.refusing import Refused
from inventory.disposal.values import FoundMedium, Offer
from tests.inventory.disposal.openings import asked, away, out, read
from tests.inventory.disposal.telling import FILE, HDD, TECHNICIAN, Story, approved, ready, received


def answer(trial: Callable[[], Story]) -> str:
    """The code of a refusal, "" where the step is taken."""
    try:
        trial()
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("pence", "role", "accepted"),
    [
        (0, "slt", True),
        (249_999, "slt", True),
        (250_000, "business_manager", True),
        (250_001, "slt", False),
        (250_001, "admin", False),
        (250_001, "governors", True),
        (0, "governors", True),
        (0, "technician", False),
    ],
)
def test_a_band_ends_with_its_limit(pence: int, role: str, accepted: bool) -> None:
    story = asked(value_pence=pence)
    said = answer(lambda: story.does("approved", role=role, minute="FGB 1", evidence=(FILE,)))
    assert said == ("" if accepted else "role_too_low")
    assert (story.now.state == "ready") is accepted


@pytest.mark.parametrize(
    ("pence", "offers", "accepted"), [(9_999, 0, True), (10_000, 2, False), (10_000, 3, True)]
)
def test_a_sale_from_a_hundred_pounds_has_three_offers(
    pence: int, offers: int, accepted: bool
) -> None:
    made = tuple(Offer(pence=1, evidence=digit * 64) for digit in "abc"[:offers])
    story = out()
    said = answer(lambda: story.does("requested", route="sale", value_pence=pence, offers=made))
    assert said == ("" if accepted else "too_few_offers")
    assert (story.now.state == "requested") is accepted


@pytest.mark.parametrize(
    ("day", "accepted"),
    [("2025-09-20", False), ("2025-09-21", True), ("2027-09-20", True), ("2027-09-21", False)],
)
def test_papers_count_on_their_first_and_last_day(day: str, accepted: bool) -> None:
    story = ready(HDD)
    late = "paper_expired" if day > "2026" else "paper_not_yet"
    said = answer(lambda: story.does("collected", day=day))
    assert said == ("" if accepted else late)
    assert (story.now.state == "collected") is accepted


def test_one_person_alone_is_shown_how_two_do_it() -> None:
    steps: tuple[Callable[[], Story], ...] = (
        lambda: asked().does("approved", actor=TECHNICIAN),
        lambda: read(verifier=TECHNICIAN),
        lambda: read().does("validated", medium=HDD, actor=TECHNICIAN),
        lambda: away(HDD).does("received", actor=TECHNICIAN, receiver=TECHNICIAN),
    )
    for step in steps:
        with pytest.raises(Refused, match=r"one asks and wipes; the other approves.*verifier"):
            step()


def test_who_enters_a_wipe_for_somebody_counts_as_having_done_it() -> None:
    story = approved(HDD).does("sanitised", medium=HDD, performer="usr_contractor")
    with pytest.raises(Refused, match="or entered it"):
        story.does("verified", medium=HDD, verifier=TECHNICIAN)


def test_what_is_found_again_was_out_of_sight_so_an_older_wipe_counts_no_more() -> None:
    story = ready(HDD).does("missing").does("found").does("inspected").does("requested")
    story.does("approved")
    with pytest.raises(Refused, match="taken out of use"):
        story.does("sanitised", medium=HDD, finished_at=story.now.withdrawn_at - 1)


@pytest.mark.parametrize("doubt", ["found", "error", "rejected", "escalate", "missing"])
def test_what_spoke_against_a_wipe_speaks_against_every_older_one(doubt: str) -> None:
    story = read(result=doubt) if doubt in {"found", "error"} else read()
    if doubt in {"rejected", "escalate"}:
        story.does("validated", medium=HDD, decision=doubt, reason="Sectors were moved")
    elif doubt == "missing":
        story.does("medium_missing", medium=HDD).does("exception_closed", outcome="found")
    since = story.history[-1].at
    if doubt in {"found", "error"}:
        since = story.history[-1].finished_at  # type: ignore[union-attr]  # a reading
    said = answer(lambda: story.does("sanitised", medium=HDD, finished_at=since))
    assert said == "doubted_wipe"
    strong = {"level": "purge", "technique": "secure_erase_enhanced"}
    assert (
        answer(lambda: story.does("sanitised", medium=HDD, finished_at=since + 1, **strong)) == ""
    )


def test_a_size_that_was_reported_is_not_typed_down() -> None:
    small = FoundMedium(serial=HDD.serial, kind="hdd_ata", size_bytes=512)
    story = out(HDD).does("inspected", media=(small,)).does("requested").does("approved")
    assert story.now.media[HDD.serial].size_bytes == HDD.size_bytes


def test_a_drive_that_is_lost_is_told_apart_from_one_that_is_elsewhere() -> None:
    story = approved(HDD).does("medium_missing", medium=HDD)
    story.does("exception_closed", outcome="lost", evidence=(FILE,))
    assert story.now.media[HDD.serial].state == "lost"


def test_a_failed_drive_that_is_certified_as_destroyed_is_done() -> None:
    story = received(HDD).does("medium_failed", medium=HDD)
    assert story.now.media[HDD.serial].state == "failed"
    assert story.does("certified").now.media[HDD.serial].state == "certified"
