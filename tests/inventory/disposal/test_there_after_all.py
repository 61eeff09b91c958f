"""What was said to be gone and is found in it after all is part of the set again, with nothing of
it proven: it never leaves unseen (I3, I5, I16)."""

import pytest

from inventory.disposal.refusing import Refused
from tests.inventory.disposal.telling import (
    FILE,
    HDD,
    OFFICE,
    SSD,
    START,
    Story,
    approved,
    ready,
    received,
)

OUTCOMES = ("lost", "elsewhere", "never_there")


def _explained(outcome: str) -> Story:
    """Before the approval, somebody says why one of two drives is not in it."""
    story = Story().does("withdrawn", found=(HDD, SSD)).does("medium_missing", medium=SSD)
    story.does("inspected", media=(HDD,), none_confirmed=False)
    entry = "asset_9" if outcome == "elsewhere" else ""
    return story.does("exception_closed", outcome=outcome, entry=entry, evidence=(FILE,))


def _kept() -> Story:
    return Story().does("withdrawn", found=(HDD, SSD)).does("retained", medium=SSD, role="")


def _destroyed() -> Story:
    story = approved(HDD, SSD).destroyed(SSD)
    return story.does("missing", discovered_at=START).does("found")


@pytest.mark.parametrize("said", [*OUTCOMES, "retained", "destroyed"])
def test_a_drive_that_an_inspection_finds_again_does_not_leave_unproven(said: str) -> None:
    other = {"retained": _kept, "destroyed": _destroyed}.get(said)
    story = other() if other else _explained(said)
    story.does("inspected", media=(HDD, SSD), none_confirmed=False)
    medium = story.now.media[SSD.serial]
    assert (medium.state, medium.leaves, medium.handled) == ("untouched", True, True)
    story.does("requested", route="donate").does("approved").wiped(HDD)
    with pytest.raises(Refused):
        story.does("handed_over")
    assert story.wiped(SSD).does("handed_over").now.state == "donated"


@pytest.mark.parametrize("outcome", ["lost", "elsewhere"])
def test_a_drive_that_turns_up_after_it_was_explained_opens_what_was_ready(outcome: str) -> None:
    story = ready(HDD, SSD).does("medium_missing", medium=SSD, actor=OFFICE)
    wiped_before = story.now.at
    story.does("exception_closed", outcome=outcome, entry="asset_9", evidence=(FILE,))
    assert story.now.state == "ready"
    story.does("medium_appeared", medium=SSD)
    assert (story.now.state, story.now.media[SSD.serial].leaves) == ("sanitising", True)
    with pytest.raises(Refused) as refused:
        story.does("sanitised", medium=SSD, finished_at=wiped_before)
    assert refused.value.code == "doubted_wipe"


def test_one_that_turns_up_at_the_company_is_an_exception_and_on_no_list() -> None:
    story = received(HDD, SSD).does("medium_missing", medium=SSD, actor=OFFICE)
    story.does("exception_closed", outcome="lost", evidence=(FILE,))
    story.does("medium_appeared", medium=SSD)
    assert story.now.media[SSD.serial].late
    assert [one.kind for one in story.now.exceptions.values()] == ["medium_extra"]


def test_a_drive_that_is_there_does_not_appear_again() -> None:
    for story in (approved(HDD), approved(HDD).destroyed(HDD)):
        with pytest.raises(Refused) as refused:
            story.does("medium_appeared", medium=HDD)
        assert refused.value.code == "known_medium"
