"""A report travels in the newest frame that the controller says it takes, and in no newer one."""

from msgspec import UNSET

from agent.deliver import framing
from agent.state import State
from tests.agent import nights
from tests.agent.simulator import Controller
from wire import frame


def test_the_first_report_goes_in_the_form_every_controller_takes_the_next_in_the_newest(
    enrolled: State, controller: Controller
) -> None:
    controller.frames = frame.NEWEST
    for _ in range(3):
        nights.night(enrolled)
        assert nights.round_trip(enrolled).code == ""
    assert set(controller.came_as[:2]) == {frame.FIRST}
    assert controller.came_as[-2:] == [frame.NEWEST, frame.NEWEST]


def test_a_controller_that_says_nothing_of_frames_gets_the_first_form_for_ever(
    enrolled: State, controller: Controller
) -> None:
    for _ in range(3):
        nights.night(enrolled)
        assert nights.round_trip(enrolled).code == ""
    assert set(controller.came_as) == {frame.FIRST}


def test_a_controller_that_was_set_back_to_an_older_release_is_understood_at_the_second_try(
    enrolled: State, controller: Controller
) -> None:
    controller.frames = frame.NEWEST
    nights.night(enrolled)
    nights.round_trip(enrolled)
    controller.frames = UNSET
    nights.night(enrolled)
    assert nights.round_trip(enrolled).code == "wrong_request"
    assert nights.waiting(enrolled) == [2]
    assert nights.round_trip(enrolled).code == ""
    assert nights.waiting(enrolled) == []
    assert controller.came_as[-2:] == [frame.NEWEST, frame.FIRST]


def test_a_controller_that_takes_still_newer_frames_gets_the_newest_we_know(
    enrolled: State, controller: Controller
) -> None:
    controller.frames = 200
    nights.night(enrolled)
    nights.round_trip(enrolled)
    nights.night(enrolled)
    assert nights.round_trip(enrolled).code == ""
    assert controller.came_as[-1] == frame.NEWEST


def test_what_a_hostile_sender_writes_down_of_frames_does_no_harm(
    enrolled: State, controller: Controller
) -> None:
    for nonsense in (b"", b"-1", b"two", b"999", b"9" * 5_000, b"\xb2"):
        (enrolled.spool / "frames").write_bytes(nonsense)
        framing.taken(enrolled.spool)
        nights.night(enrolled)
        nights.round_trip(enrolled)
        nights.round_trip(enrolled)
        assert nights.waiting(enrolled) == []
