"""A computer tells how far its clock is from the controller's, as it saw at a receipt (T17)."""

import pytest

from agent import ticking
from agent.collect import answers
from agent.collect.round import collect
from agent.deliver.upload import deliver
from agent.state import State
from tests.agent.cli import agent_here, printed
from tests.agent.conftest import machine
from tests.agent.nights import night
from tests.agent.simulator import NOW, Controller
from wire import itself


@pytest.mark.parametrize(
    ("by", "told"),
    [(0, None), (60, None), (7_200, 7_200), (-3_600, -3_600)],
    ids=["right", "a minute", "ahead", "behind"],
)
def test_a_clock_that_is_off_is_told_in_the_next_report_by_how_much(
    enrolled: State, controller: Controller, by: int, told: int | None
) -> None:
    for _ in range(2):
        collect(enrolled, machine(at=NOW + by))
        assert deliver(enrolled, NOW + by).code == ""
        answers.act(enrolled, NOW + by)
    collect(enrolled, machine(at=NOW + by))
    deliver(enrolled, NOW + by)
    said = itself.heard(controller.reports[-1].now, itself.Clock)
    assert (said.ahead_seconds if said else None) == told


def test_a_clock_that_was_put_right_is_told_no_more(
    enrolled: State, controller: Controller
) -> None:
    for at in (NOW + 9_000, NOW + 9_000, NOW, NOW):
        collect(enrolled, machine(at=at))
        assert deliver(enrolled, at).code == ""
        answers.act(enrolled, at)
    told = [itself.heard(found.now, itself.Clock) for found in controller.reports]
    assert told == [None, None, itself.Clock(ahead_seconds=9_000), None]


def test_status_says_so_to_who_sits_there(enrolled: State) -> None:
    data = enrolled.root.parent
    assert "clock" not in agent_here("status", data=data).stdout
    ticking.note(enrolled.spool, -7_200)
    shown = " ".join(agent_here("status", data=data).stdout.split())
    assert "clock 2 hours behind the controller's: set it right" in shown
    told = printed(agent_here("status", "--format", "json", data=data))
    assert told["clock_ahead_seconds"] == -7_200


def test_a_receipt_for_a_report_that_came_long_ago_measures_nothing(
    enrolled: State, controller: Controller
) -> None:
    for _ in range(2):
        night(enrolled)
        deliver(enrolled, NOW)
        if len(controller.reports) == 2:
            (enrolled.spool / "0000000002" / "receipt.json").unlink()  # lost on the way back
        answers.act(enrolled, NOW)
    assert deliver(enrolled, NOW + 86_400).code == ""
    assert ticking.seen(enrolled.spool) == 0


@pytest.mark.parametrize(
    "left",
    [b"", b"[]", b'{"ahead_seconds":1e999}', b'{"ahead_seconds":"\xff"}', b"9" * 5_000],
    ids=["empty", "list", "huge", "text", "long"],
)
def test_nonsense_from_the_sender_is_told_to_nobody(enrolled: State, left: bytes) -> None:
    (enrolled.spool / ticking.NAME).write_bytes(left)
    assert ticking.seen(enrolled.spool) == 0
    (enrolled.spool / ticking.NAME).write_bytes(b'{"ahead_seconds":%d}' % 10**15)
    assert ticking.seen(enrolled.spool) == 0
    night(enrolled)
