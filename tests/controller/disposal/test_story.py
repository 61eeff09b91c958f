"""The page of one thing that leaves: what is first said, who may do what, and what is proved."""

from typing import Any

import pytest

from controller.disposal.board import Viewer
from controller.disposal.headline import Moment, headline
from controller.disposal.saying import Names
from controller.disposal.steps import Step, Trying, steps
from controller.disposal.story import Story as Page
from controller.disposal.story import trail
from inventory.disposal.values import FoundMedium
from tests.controller.disposal.made import page_of
from tests.inventory.disposal.telling import (
    HDD,
    HEAD,
    OFFICE,
    SSD,
    STICK,
    TECHNICIAN,
    Story,
    approved,
    ready,
    received,
)

PEOPLE = Names(people={TECHNICIAN: "Tariq Aziz", HEAD: "Helen Marsh", OFFICE: "Omar Khan"})
HANDS = Viewer(TECHNICIAN, requests=True)
LEADS = Viewer(HEAD, approves=True, receives=True, holds=True)
OFFICER = Viewer(OFFICE, requests=True, approves=True, receives=True, holds=True)


def first(story: Story) -> tuple[str, str, str]:
    """State in words, what comes next, who may."""
    moment = Moment(story.now.at + 60, "Europe/London")
    found = headline(story.now, PEOPLE, moment)
    return found.label.label, found.next, found.who


def requested(*found: FoundMedium, **asked: Any) -> Story:
    return Story().does("withdrawn", found=found).does("inspected").does("requested", **asked)


def tried(story: Story, viewer: Viewer, *roles: str) -> dict[tuple[str, str], Step]:
    trying = Trying(viewer, roles, story.now.at + 60, story.rules)
    return {(one.name, one.drive): one for one in steps(story.now, trying)}


@pytest.mark.parametrize(
    ("story", "state", "then"),
    [
        (Story().does("withdrawn"), "Out of use", "Ask for its disposal"),
        (requested(HDD), "Asked for", "approve or refuse"),
        (approved(HDD), "Approved, to be wiped", "Wipe "),
        (approved(HDD).does("sanitised", medium=HDD), "Being wiped", "Read "),
        (
            approved(HDD).does("sanitised", medium=HDD).does("verified", medium=HDD),
            "Being wiped",
            "Accept or refuse the wipe",
        ),
        (approved(HDD).does("medium_failed", medium=HDD), "Being wiped", "destroyed"),
        (approved(HDD).does("destroyed", medium=HDD), "Being wiped", "Say whether"),
        (ready(HDD, SSD), "Ready to go", "Put it on a collection"),
        (ready(HDD, route="donate"), "Ready to go", "Hand it over"),
        (ready(HDD).does("collected"), "Collected", "written receipt"),
        (received(HDD), "Receipt is here", "certificate"),
        (received(HDD).does("certified").does("disposed"), "Disposed of", ""),
        (ready(HDD).does("missing"), "Lost or stolen", "ICO"),
        (approved(HDD).does("held"), "Stopped", "Nothing may be wiped"),
        (
            approved(HDD).does("medium_missing", medium=HDD),
            "Being wiped",
            "Clear it up by",
        ),
        (approved(HDD).does("reinstated"), "Back in use", ""),
    ],
)
def test_the_headline_says_where_it_is_and_what_comes_next(
    story: Story, state: str, then: str
) -> None:
    label, what, who = first(story)
    assert label == state
    assert (then in what) if then else (what, who) == ("", "")


def test_who_may_is_said_without_those_whose_own_deeds_forbid_it() -> None:
    assert "not Tariq Aziz, who asked" in first(requested(HDD))[2]
    wiped = approved(HDD).does("sanitised", medium=HDD)
    assert "not Tariq Aziz, who wiped it" in first(wiped)[2]
    assert "not Tariq Aziz, who asked for the disposal" in first(ready(HDD).does("collected"))[2]


def test_no_headline_cites_a_rule_by_its_number() -> None:
    for story in (requested(HDD), approved(HDD), ready(HDD), received(HDD)):
        assert not any(f"I{n}" in " ".join(first(story)).split() for n in range(1, 17))


def test_one_person_alone_cannot_and_is_told_how_two_can() -> None:
    alone = Viewer(TECHNICIAN, requests=True, approves=True, receives=True)
    told = tried(requested(HDD), alone, "admin")[("approve", "")]
    assert (told.may, told.rules) == (False, ("I2", "S6"))
    assert "somebody else has to approve" in told.why
    wiped = approved(HDD).does("sanitised", medium=HDD).does("verified", medium=HDD)
    told = tried(wiped, alone, "admin")[("validate", HDD.serial)]
    assert (told.may, told.code) == (False, "same_validator")


@pytest.mark.parametrize(
    ("story", "viewer", "may", "may_not"),
    [
        (
            Story().does("withdrawn", found=(HDD,)),
            HANDS,
            {"inspect", "request", "reinstate"},
            set(),
        ),
        (
            Story().does("withdrawn", found=(HDD,)),
            LEADS,
            set(),
            {"inspect", "request", "reinstate"},
        ),
        (requested(HDD), LEADS, {"approve", "reject"}, {"inspect", "reinstate"}),
        (requested(HDD), HANDS, {"inspect", "reinstate"}, {"approve", "reject"}),
        (approved(HDD), HANDS, {"sanitise", "fail", "destroy", "reinstate"}, set()),
        (approved(HDD).does("held"), HANDS, set(), {"sanitise", "destroy"}),
        (ready(HDD).does("collected"), OFFICER, set(), set()),
        (received(HDD).does("certified").does("disposed"), OFFICER, set(), set()),
    ],
)
def test_the_page_offers_what_the_reducer_takes_and_says_why_not_for_the_rest(
    story: Story, viewer: Viewer, may: set[str], may_not: set[str]
) -> None:
    found = tried(story, viewer, "slt")
    assert may <= {one.name for one in found.values() if one.may}
    assert may_not <= {one.name for one in found.values() if not one.may}
    assert all(one.why for one in found.values() if not one.may)
    if not may and not may_not:
        assert {one.name for one in found.values()} <= {"hold", "appear", "miss"}


def test_what_is_dear_is_approved_by_the_head_with_a_minute_of_the_governors() -> None:
    dear = requested(HDD, value_pence=300_000)
    assert tried(dear, LEADS, "slt")[("approve", "")].may
    assert not tried(dear, HANDS, "technician")[("approve", "")].may


def drive(page: Page, serial: str) -> dict[str, str]:
    found = next(one for one in page.drives if one.serial == serial)
    return {proof.title: proof.state for proof in found.proofs}


def test_a_drive_shows_what_is_proved_of_it_and_what_is_missing() -> None:
    story = approved(HDD, SSD, STICK).wiped(HDD).does("sanitised", medium=SSD)
    story.does("medium_failed", medium=STICK)
    page = page_of(story)
    assert drive(page, HDD.serial) == {"Wiped": "done", "Read back": "done", "Accepted": "done"}
    assert drive(page, SSD.serial) == {"Wiped": "done", "Read back": "open", "Accepted": "open"}
    assert drive(page, STICK.serial) == {"Destroyed": "open"}
    assert (page.proved, page.headline.proof) == (False, "1 of 3 drives accounted for.")
    story.destroyed(STICK)
    assert drive(page_of(story), STICK.serial) == {"Destroyed": "done"}


def test_a_reading_that_found_data_is_shown_as_bad_and_never_as_missing() -> None:
    story = approved(HDD).does("sanitised", medium=HDD)
    story.does("verified", medium=HDD, result="found")
    assert drive(page_of(story), HDD.serial)["Read back"] == "bad"
    story.does("sanitised", medium=HDD)
    assert drive(page_of(story), HDD.serial)["Read back"] == "open"


def test_a_failure_after_a_wipe_takes_the_proof_away() -> None:
    story = ready(HDD)
    assert page_of(story).proved
    story.does("medium_failed", medium=HDD)
    assert not page_of(story).proved


def test_nothing_known_is_never_shown_as_proved() -> None:
    assert not page_of(Story().does("withdrawn", found=())).proved
    assert page_of(Story().does("withdrawn", found=()).does("inspected")).proved


@pytest.mark.parametrize(
    ("story", "here"),
    [
        (Story().does("withdrawn"), "Out of use"),
        (ready(HDD), "Ready"),
        (received(HDD), "Receipt"),
        (ready(HDD, route="donate"), "Ready"),
    ],
)
def test_the_way_shows_where_it_is(story: Story, here: str) -> None:
    assert [stop.label for stop in trail(story.now) if stop.mark == "here"] == [here]
    assert trail(ready(HDD).does("missing").now) == []


def test_every_line_of_what_happened_stands_newest_first() -> None:
    story = received(HDD).does("certified").does("disposed")
    page = page_of(story)
    assert [line.seq for line in page.past] == list(range(story.now.seq, 0, -1))


def test_a_stop_is_ended_by_anybody_but_whoever_wants_the_thing_gone() -> None:
    _, _, who = first(approved(HDD).does("held", actor=HEAD))
    assert "safeguarding" in who
    assert "not Tariq Aziz, who wants it gone" in who
    assert "Helen Marsh" not in who


def test_an_unconfirmed_destruction_waits_for_its_witness_by_name_and_for_nobody_else() -> None:
    story = approved(HDD).does("destroyed", medium=HDD)
    _, then, who = first(story)
    assert (HDD.serial in then, who) == (True, "Helen Marsh, named as the one who saw it")
    own = tried(story, LEADS, "slt")["witness", HDD.serial]
    assert own.may
    for viewer, role in ((HANDS, "technician"), (OFFICER, "business_manager")):
        step = tried(story, viewer, role)["witness", HDD.serial]
        assert (step.may, step.code) == (False, "other_witness")
    assert tried(story, HANDS, "technician")["destroy", HDD.serial].may


def test_the_page_never_calls_a_drive_destroyed_on_one_persons_word() -> None:
    story = approved(HDD).does("destroyed", medium=HDD)
    page = page_of(story, PEOPLE)
    [drive] = page.drives
    [proof] = drive.proofs
    assert (page.proved, drive.proved, proof.state) == (False, False, "open")
    assert "Helen Marsh has yet to say that they saw it" in proof.said
    assert "0 of 1 drive accounted for" in page.headline.proof
    confirmed = page_of(story.does("witnessed", medium=HDD), PEOPLE)
    assert confirmed.proved
    assert "seen by Helen Marsh, who confirmed it" in confirmed.drives[0].proofs[0].who


def test_what_is_gone_says_how_and_by_whom_and_asks_for_no_wipe() -> None:
    story = approved(HDD).does("medium_appeared", medium=STICK)
    story.does("medium_missing", medium=STICK)
    story.does("exception_closed", outcome="never_there", reason="A dock told it")
    [proof] = next(
        one for one in page_of(story, PEOPLE).drives if one.serial == STICK.serial
    ).proofs
    assert (proof.state, proof.who) == ("done", "Helen Marsh")
    assert proof.said == "never in it: the report that named it was wrong"
    lost = approved(HDD).does("medium_missing", medium=HDD)
    lost.does("exception_closed", outcome="lost", evidence=("ab" * 32,))
    [drive] = page_of(lost, PEOPLE).drives
    assert [(one.state, one.said) for one in drive.proofs] == [("bad", "lost, and assessed")]
