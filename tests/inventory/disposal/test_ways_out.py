"""Each way out, told from the first step to the last, by as few people as it takes (§5.2, S6)."""

import pytest

from inventory.disposal.now import BREACH_SECONDS
from inventory.disposal.reducing import fold, replay
from inventory.disposal.rules import rulebook
from inventory.disposal.values import CertifiedLine, FoundMedium, MediumEncryption
from tests.inventory.disposal.telling import (
    FILE,
    HDD,
    HEAD,
    MACHINE,
    OFFICE,
    SSD,
    START,
    STICK,
    TABLET,
    TECHNICIAN,
    Story,
    approved,
    changed_rules,
    ready,
    received,
)


def test_two_people_and_a_machine_dispose_of_a_laptop_with_two_drives() -> None:
    story = received(HDD, SSD).does("certified").does("disposed")
    people = {event.actor for event in story.history}
    assert (story.now.state, people) == ("disposed", {TECHNICIAN, HEAD})
    checks = [medium.check for medium in story.now.media.values()]
    assert [check and check.verifier for check in checks] == [MACHINE, MACHINE]


def test_four_people_may_share_it() -> None:
    story = Story().does("withdrawn", found=(SSD,)).does("inspected", actor="usr_teacher")
    story.does("requested").does("approved").does("sanitised", medium=SSD)
    story.does("verified", medium=SSD, verifier="usr_office", actor="usr_office")
    story.does("validated", medium=SSD).does("collected", actor="usr_office")
    story.does("received", actor="usr_office", receiver="usr_office").does("certified")
    assert story.does("disposed", actor="usr_office").now.state == "disposed"


@pytest.mark.parametrize(
    ("route", "end"),
    [
        ("donate", "donated"),
        ("sale", "sold"),
        ("transfer", "transferred"),
        ("return_lessor", "returned"),
        ("internal_reuse", "reused"),
    ],
)
def test_what_is_handed_over_ends_as_it_was_asked_for(route: str, end: str) -> None:
    now = ready(SSD, route=route).does("handed_over").now
    assert (now.state, now.ended, now.back) == (end, True, route == "internal_reuse")


def test_a_thing_without_any_drive_is_ready_once_it_is_approved() -> None:
    assert approved().now.state == "ready"


def test_states_follow_the_work() -> None:
    story = approved(HDD, SSD)
    seen = [story.now.state]
    story.does("sanitised", medium=HDD)
    seen.append(story.now.state)
    story.does("verified", medium=HDD).does("validated", medium=HDD).wiped(SSD)
    seen.append(story.now.state)
    seen.append(story.does("medium_appeared", medium=STICK).now.state)
    seen.append(story.does("destroyed", medium=STICK).now.state)
    seen.append(story.does("witnessed", medium=STICK).now.state)
    assert seen == ["approved", "sanitising", "ready", "sanitising", "sanitising", "ready"]


def test_a_contractor_may_wipe_where_the_rules_allow_it() -> None:
    rules = changed_rules(wiping={"offsite": True})
    story = approved(HDD, SSD, rules=rules).does("collected").does("received")
    assert story.now.certificate_due_at == (story.now.collected_at or 0) + 30 * 86_400
    at = story.now.at + 60
    lines = (
        CertifiedLine(serial=HDD.serial, level="clear", technique="overwrite", finished_at=at),
        CertifiedLine(serial=SSD.serial, level="destroy", finished_at=at),
    )
    assert story.does("certified", lines=lines).does("disposed").now.state == "disposed"


def test_one_certificate_for_each_drive_will_do() -> None:
    story = received(HDD, SSD)
    for medium in (HDD, SSD):
        line = CertifiedLine(serial=medium.serial, level="destroy", finished_at=story.now.at + 1)
        story.does("certified", lines=(line,))
    assert story.does("disposed").now.state == "disposed"


def test_the_order_of_the_lines_of_a_certificate_does_not_matter() -> None:
    one, other = received(HDD, SSD), received(HDD, SSD)
    lines = tuple(
        CertifiedLine(serial=medium.serial, level="destroy", finished_at=one.now.at + 1)
        for medium in (HDD, SSD)
    )
    assert one.does("certified", lines=lines).now == other.does("certified", lines=lines[::-1]).now


def test_a_loss_starts_a_clock_of_72_hours_and_keeps_how_it_was_encrypted() -> None:
    told = (MediumEncryption(serial=SSD.serial, state="on", reported_at=START - 86_400),)
    story = Story().does("withdrawn", found=(SSD,))
    story.does("missing", kind="stolen", discovered_at=START, encryption=told)
    loss = story.now.loss
    assert loss is not None
    assert (loss.due_at - START, loss.encryption) == (BREACH_SECONDS, told) == (259_200, told)
    assert story.does("written_off").now.state == "written_off"


def test_what_is_found_again_begins_anew() -> None:
    story = ready(HDD).does("missing").does("found")
    medium = story.now.media[HDD.serial]
    assert (story.now.state, story.now.requester, story.now.loss) == ("withdrawn", "", None)
    assert (medium.state, story.now.inspected) == ("untouched", False)


def test_what_is_taken_back_into_use_has_nothing_proven_any_more() -> None:
    now = ready(HDD).does("reinstated").now
    assert (now.state, now.back, now.media[HDD.serial].state) == ("reinstated", True, "untouched")


def test_a_tablet_is_reset_by_throwing_away_its_key() -> None:
    story = approved(TABLET).does(
        "sanitised",
        medium=TABLET,
        level="purge",
        technique="factory_reset",
        keys_destroyed=True,
    )
    story.does("verified", medium=TABLET, method="device_log")
    assert story.does("validated", medium=TABLET).now.state == "ready"


def test_since_when_it_was_encrypted_and_that_it_failed_are_carried_over() -> None:
    found = FoundMedium(serial=SSD.serial, kind="ssd_nvme", encrypted_since=START, failed=True)
    story = Story().does("withdrawn", found=(found,))
    story.does("inspected", media=(FoundMedium(serial=SSD.serial, kind="unknown"),))
    medium = story.now.media[SSD.serial]
    assert (medium.encrypted_since, medium.failed, medium.kind) == (START, True, "ssd_nvme")


def test_of_two_dates_of_encryption_the_later_counts() -> None:
    story = Story().does("withdrawn", found=(TABLET,))
    later = FoundMedium(serial=TABLET.serial, kind="emmc", encrypted_since=START)
    story.does("inspected", media=(later,))
    assert story.now.media[TABLET.serial].encrypted_since == START


def test_where_two_looks_differ_on_the_kind_the_stricter_counts() -> None:
    story = Story().does("withdrawn", found=(HDD,))
    story.does("inspected", media=(FoundMedium(serial=HDD.serial, kind="ssd_sata"),))
    assert story.now.media[HDD.serial].kind == "ssd_sata"


def test_a_drive_that_is_found_again_has_to_be_wiped_again() -> None:
    story = ready(HDD, SSD).does("medium_missing", medium=HDD)
    assert story.now.state == "sanitising"
    story.does("exception_closed", outcome="found")
    assert (story.now.state, story.now.media[HDD.serial].state) == ("sanitising", "untouched")
    assert story.wiped(HDD).now.state == "ready"


def test_a_drive_that_lives_in_another_entry_is_no_more_this_ones() -> None:
    story = ready(HDD, SSD).does("medium_missing", medium=HDD)
    story.does("exception_closed", outcome="elsewhere", entry="asset_7")
    assert (story.now.state, story.now.media[HDD.serial].state) == ("ready", "gone")


def test_a_drive_that_turns_up_at_the_contractors_needs_its_certificate_and_an_answer() -> None:
    story = received(SSD).does("medium_appeared", medium=STICK)
    assert [one.kind for one in story.now.exceptions.values()] == ["medium_extra"]
    name = next(iter(story.now.exceptions))
    story.does("exception_closed", exception=name, outcome="resolved").does("certified")
    assert story.does("disposed").now.state == "disposed"


def test_a_drive_that_turned_up_late_stands_on_the_manifest_of_the_next_collection() -> None:
    story = received(SSD).does("medium_appeared", medium=STICK).does("missing").does("found")
    assert not story.now.media[STICK.serial].late


def test_a_failed_drive_is_destroyed_before_a_witness() -> None:
    story = ready(HDD).does("medium_failed", medium=HDD)
    assert story.now.state == "sanitising"
    assert story.does("destroyed", medium=HDD).now.state == "sanitising"
    assert story.does("witnessed", medium=HDD).now.state == "ready"


def test_who_asks_may_keep_a_drive_before_approval_and_somebody_else_after_it() -> None:
    before = Story().does("withdrawn").does("inspected").does("retained", medium=HDD)
    before.does("requested").does("approved").wiped(SSD)
    after = ready(SSD, HDD).does("retained", medium=HDD, actor=OFFICE)
    assert before.now.state == after.now.state == "ready"
    assert before.does("collected").does("received").now.receipt == (SSD.serial,)


def test_a_reading_that_finds_something_undoes_the_wipe() -> None:
    story = approved(HDD).does("sanitised", medium=HDD)
    story.does("verified", medium=HDD, result="found")
    assert story.now.media[HDD.serial].state == "untouched"


def test_a_wipe_that_is_not_accepted_is_repeated_or_done_in_a_stronger_way() -> None:
    story = approved(HDD).does("sanitised", medium=HDD).does("verified", medium=HDD)
    story.does("validated", medium=HDD, decision="escalate", reason="Sectors were moved")
    medium = story.now.media[HDD.serial]
    assert (medium.at_least, medium.wipe) == ("purge", None)
    story.wiped(HDD, level="purge", technique="secure_erase_enhanced")
    assert story.now.state == "ready"


def test_a_request_that_is_turned_down_can_be_asked_again() -> None:
    story = Story().does("withdrawn").does("inspected").does("requested").does("rejected")
    assert (story.now.state, story.now.requester) == ("withdrawn", "")
    assert story.does("requested", route="donate").does("approved").now.route == "donate"


def test_a_sighting_changes_nothing_but_is_counted() -> None:
    story = received(HDD).does("certified").does("disposed")
    before = story.now
    after = story.does("seen").does("seen", strength="sighting").now
    assert (after.state, after.seen_again, after.media) == ("disposed", 2, before.media)


def test_a_history_folds_to_what_stood_when_it_was_told() -> None:
    story = received(HDD, SSD).does("certified").does("disposed").does("seen").does("corrected")
    assert fold(story.history, rulebook()) == replay(story.history, rulebook()) == story.now


def test_a_history_told_under_a_schools_own_rules_needs_those() -> None:
    own = changed_rules(wiping={"offsite": True})
    story = approved(HDD, rules=own).does("collected")
    assert fold(story.history, rulebook(own)) == story.now


def test_governors_decide_with_a_minute_and_its_paper() -> None:
    story = Story().does("withdrawn", found=()).does("inspected")
    story.does("requested", value_pence=250_001)
    story.does("approved", role="governors", minute="FGB 12/3", evidence=(FILE,))
    assert story.now.state == "ready"
