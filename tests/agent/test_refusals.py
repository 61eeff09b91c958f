"""What only a signed answer may do: condemn a report, stop
an identity, ask for patience, ask again (O1)."""

import msgspec
import pytest

from agent import spool
from agent.collect import answers, relinking
from agent.deliver import backoff
from agent.deliver.upload import deliver
from agent.state import State
from tests.agent.nights import night, round_trip, waiting
from tests.agent.simulator import NOW, Controller
from wire import problem


def test_a_signed_condemnation_moves_one_report_to_dead_and_the_chain_goes_on(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    round_trip(enrolled)
    night(enrolled)
    night(enrolled)
    controller.refuse_next("malformed")
    assert round_trip(enrolled).code == "malformed"
    assert [entry.seq for entry in spool.entries(enrolled.dead)] == [2]
    assert round_trip(enrolled).code == ""
    night(enrolled)
    assert round_trip(enrolled).code == ""
    assert [found.seq for found in controller.reports] == [1, 2, 3]
    assert waiting(enrolled) == []


def test_a_dead_report_is_signed_again_after_a_week(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    controller.refuse_next("schema")
    round_trip(enrolled)
    (dead,) = spool.entries(enrolled.dead)
    at = answers.refused_at(dead)
    assert relinking.revive(enrolled, at + 86_400) == 0
    assert relinking.revive(enrolled, at + 8 * 86_400) == 1
    assert spool.entries(enrolled.dead) == []
    assert round_trip(enrolled).code == ""
    assert len(controller.reports) == 1


@pytest.mark.parametrize("code", ["unknown_key", "bad_key", "refused"])
def test_a_signed_stop_stops_sending_and_deletes_nothing(
    enrolled: State, controller: Controller, code: str
) -> None:
    night(enrolled)
    controller.refuse_next(code)
    deliver(enrolled, NOW)
    assert answers.act(enrolled, NOW).stopped == code
    controller.requests.clear()
    assert deliver(enrolled, NOW).code == code
    # Who is no longer known shows that it was let in; nothing else is said.
    asked = ["/v1/readmit"] if code == "unknown_key" else []
    assert [request.path for request in controller.requests] == asked
    assert waiting(enrolled) == [1]
    assert (
        deliver(enrolled, NOW, scheduled=False).code == ""
    )  # a person asked, and now it is let in


@pytest.mark.parametrize("code", ["revoked", "pending", "fork", "busy", "slow_down", "new_code"])
def test_a_signed_request_for_patience_keeps_the_report_and_its_wait_is_respected(
    enrolled: State, controller: Controller, code: str
) -> None:
    night(enrolled)
    controller.refuse_next(code, retry=3600)
    outcome = round_trip(enrolled)
    assert (outcome.code, waiting(enrolled)) == (code, [1])
    assert outcome.retry_seconds >= 3600
    assert round_trip(enrolled).code == ""


def test_a_controller_restored_from_an_old_backup_is_given_what_it_once_confirmed(
    enrolled: State, controller: Controller
) -> None:
    for _ in range(3):
        night(enrolled)
        round_trip(enrolled)
    del controller.heads[1:], controller.reports[1:]
    night(enrolled)
    assert round_trip(enrolled).code == "gap"
    assert waiting(enrolled) == [2, 3, 4]
    assert round_trip(enrolled).code == ""
    assert [found.seq for found in controller.reports] == [1, 2, 3, 4]


def test_every_code_a_controller_may_sign_has_an_action() -> None:
    assert {action.action for action in problem.CODES.values()} <= {
        *("keep", "dead", "stop", "wait", "resend", "send_sections", "set_aside")
    }


@pytest.mark.parametrize("damage", [b"", b"\x00" * 900, b"{}"])
def test_a_report_the_disk_did_not_keep_is_put_aside_and_the_others_arrive(
    enrolled: State, controller: Controller, damage: bytes
) -> None:
    for _ in range(3):
        night(enrolled)
    (enrolled.spool / "0000000002" / "envelope.json").write_bytes(damage)
    answers.act(enrolled, NOW)
    assert [entry.seq for entry in spool.entries(enrolled.dead)] == [2]
    assert round_trip(enrolled).code == ""
    assert [found.seq for found in controller.reports] == [1, 2]
    assert relinking.revive(enrolled, NOW + 10**9) == 0
    night(enrolled)
    assert round_trip(enrolled).code == ""


def test_a_report_that_vanished_from_its_folder_is_put_aside(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    (enrolled.spool / "0000000001" / "envelope.json").unlink()
    answers.act(enrolled, NOW)
    night(enrolled)
    assert round_trip(enrolled).code == ""
    assert [found.seq for found in controller.reports] == [1]


def test_a_receipt_may_ask_for_quiet_within_the_agents_own_limits(
    enrolled: State, controller: Controller
) -> None:
    for asked, least, most in ((600, 600, 1200), (10**6, 3 * 3600, 6 * 3600)):
        night(enrolled)
        controller.next_after = asked
        assert round_trip(enrolled).code == ""
        assert least <= backoff.waits(enrolled.spool, NOW) <= most


def test_another_address_is_tried_when_the_first_one_is_in_the_wrong_hands(
    enrolled: State, controller: Controller
) -> None:
    identity = enrolled.identity()
    assert identity is not None
    wrong = [
        "https://127.0.0.1:9",
        "https://x/path",
        controller.url,
    ]
    enrolled.remember(msgspec.structs.replace(identity, addresses=wrong))
    night(enrolled)
    assert round_trip(enrolled).code == ""
