"""A destruction counts once its witness says so themselves: one person alone ends nothing (I2)."""

import msgspec
import pytest

from inventory.disposal.events import Destroyed, Event
from inventory.disposal.guards.table import LATER, without
from inventory.disposal.proving import done_here, proven
from inventory.disposal.reducing import fold, replay
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import default, rulebook
from inventory.disposal.spelling import decode, encode
from inventory.disposal.values import MediumEncryption
from tests.inventory.disposal.telling import (
    HDD,
    HEAD,
    MACHINE,
    OFFICE,
    SSD,
    STICK,
    TECHNICIAN,
    Story,
    approved,
    changed_rules,
    ready,
)


def _unconfirmed() -> Story:
    return approved(HDD).does("destroyed", medium=HDD)


def test_one_person_who_names_a_witness_has_not_accounted_for_anything() -> None:
    story = _unconfirmed()
    medium = story.now.media[HDD.serial]
    assert (story.now.state, medium.state) == ("sanitising", "unconfirmed")
    assert medium.destroyed is None
    assert not proven(medium, "waste", default())
    assert not done_here(medium, "waste", default())
    with pytest.raises(Refused) as refused:
        story.does("collected")
    assert refused.value.code == "not_proven"


def test_the_witness_who_was_named_makes_it_count() -> None:
    story = _unconfirmed().does("witnessed", medium=HDD)
    medium = story.now.media[HDD.serial]
    assert (story.now.state, medium.state) == ("ready", "destroyed")
    assert medium.destroyed is not None
    assert medium.destroyed.witness == HEAD
    assert {event.actor for event in story.history} == {TECHNICIAN, HEAD}


@pytest.mark.parametrize("who", [TECHNICIAN, OFFICE, MACHINE, "system"])
def test_nobody_else_speaks_for_the_witness(who: str) -> None:
    story = _unconfirmed()
    with pytest.raises(Refused):
        story.does("witnessed", medium=HDD, actor=who)
    assert story.now.state == "sanitising"


def test_a_witness_who_saw_nothing_undoes_it_and_no_older_wipe_counts() -> None:
    story = ready(HDD).does("destroyed", medium=HDD)
    assert story.now.state == "sanitising"
    story.does("witnessed", medium=HDD, seen=False, reason="I was at lunch")
    medium = story.now.media[HDD.serial]
    assert (story.now.state, medium.state, medium.leaves) == ("sanitising", "untouched", True)
    with pytest.raises(Refused) as refused:
        story.does("sanitised", medium=HDD, finished_at=story.now.at)
    assert refused.value.code == "doubted_wipe"


def test_a_failed_drive_that_nobody_saw_destroyed_is_still_to_be_destroyed() -> None:
    story = approved(HDD).does("medium_failed", medium=HDD).does("destroyed", medium=HDD)
    story.does("witnessed", medium=HDD, seen=False, reason="It was another drive")
    assert story.now.media[HDD.serial].state == "failed"
    assert story.destroyed(HDD).now.state == "ready"


def test_it_is_recorded_again_before_another_witness_and_the_first_speaks_no_more() -> None:
    story = _unconfirmed()
    first = story.now.seq
    story.does("destroyed", medium=HDD, witness=OFFICE)
    for said in ({"actor": HEAD}, {"actor": OFFICE, "destruction": first}):
        with pytest.raises(Refused):
            story.does("witnessed", medium=HDD, **said)
    assert story.does("witnessed", medium=HDD, actor=OFFICE).now.state == "ready"


def test_nothing_else_happens_to_it_meanwhile() -> None:
    for tag in ("sanitised", "medium_failed", "medium_missing", "retained"):
        with pytest.raises(Refused) as refused:
            _unconfirmed().does(tag, medium=HDD)
        assert refused.value.code == "medium_not_here", tag


def test_a_hold_does_not_keep_a_witness_from_saying_what_they_saw() -> None:
    story = approved(HDD, SSD).does("destroyed", medium=HDD).does("held")
    assert story.does("witnessed", medium=HDD).now.media[HDD.serial].state == "destroyed"


def test_what_is_lost_meanwhile_is_answered_for_like_what_was_in_it() -> None:
    story = _unconfirmed()
    with pytest.raises(Refused) as refused:
        story.does("missing", encryption=())
    assert refused.value.code == "encryption_untold"


def test_what_is_found_again_or_taken_back_holds_no_unconfirmed_destruction() -> None:
    told = (MediumEncryption(serial=HDD.serial),)
    found = _unconfirmed().does("missing", encryption=told).does("found")
    back = _unconfirmed().does("reinstated")
    for story in (found, back):
        medium = story.now.media[HDD.serial]
        assert (medium.state, medium.unconfirmed) == ("untouched", None)


def test_with_a_company_that_wipes_nothing_goes_while_a_witness_is_silent() -> None:
    offsite = changed_rules(wiping={"offsite": True})
    story = approved(HDD, STICK, rules=offsite).does("destroyed", medium=STICK)
    with pytest.raises(Refused) as refused:
        story.does("collected")
    assert refused.value.code == "unconfirmed"
    assert story.does("witnessed", medium=STICK).does("collected").now.manifest == (HDD.serial,)


def _as_it_was_stored() -> list[Event]:
    """A history from before witnesses were asked: its bytes do not know the word."""
    story = Story(table=without(*LATER)).does("withdrawn", found=(HDD,)).does("inspected")
    story.does("requested").does("approved")
    return story.does("destroyed", medium=HDD, awaits_witness=False).history


def test_a_history_from_before_this_was_asked_is_read_as_it_was_judged_then() -> None:
    history = _as_it_was_stored()
    data = encode(history[-1])
    plain = msgspec.json.decode(data)
    del plain["awaits_witness"]
    old = decode(msgspec.json.encode(plain, order="sorted"))
    assert isinstance(old, Destroyed)
    assert not old.awaits_witness
    assert replay([*history[:-1], old], rulebook()).state == "ready"
    assert fold(history, rulebook(), without(*LATER)).state == "ready"
    with pytest.raises(Refused) as refused:
        fold(history, rulebook())
    assert refused.value.code == "witness_unasked"
