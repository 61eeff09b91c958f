"""This agent and a controller of another release: nothing is lost, nothing is condemned for good
(O2)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from agent import chain, spool
from agent.collect import relinking
from agent.deliver.upload import deliver
from agent.state import State
from tests.agent.nights import kept, night, round_trip, waiting
from tests.agent.simulator import NOW, Controller, Fault, Reply, Request
from wire import canonical, dsse, types

SOON = NOW + 3_600


def rewritten(controller: Controller, change: Callable[[dict[str, Any]], None]) -> Fault:
    """The honest answer as a controller of another release would have signed it."""

    def fault(_: Request, reply: Reply) -> Reply:
        parsed = dsse.parse(reply.body)
        said = json.loads(parsed.payload)
        change(said)
        body = dsse.sign(canonical.encode(said), parsed.payload_type, controller.key)
        return Reply(reply.status, body)

    return fault


def newer(said: dict[str, Any]) -> None:
    said["queue"] = {"length": 3, "names": ["a", "b"]}
    said["zone"] = None


def older(said: dict[str, Any]) -> None:
    for field in ("release", "next_after_seconds", "index", "size", "root", "head"):
        said.pop(field, None)


@pytest.mark.parametrize("change", [newer, older])
def test_a_receipt_of_another_release_is_a_receipt(
    enrolled: State, controller: Controller, change: Callable[[dict[str, Any]], None]
) -> None:
    night(enrolled)
    for _ in range(9):
        controller.faults.append(
            lambda request, reply: (
                rewritten(controller, change)(request, reply) if reply.body else reply
            )
        )
    assert round_trip(enrolled).code == ""
    assert kept(enrolled) == [1]
    controller.faults.clear()
    assert night(enrolled).unchanged
    assert round_trip(enrolled).code == ""


def test_a_condemnation_of_a_newer_controller_is_understood(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)

    def condemned(request: Request) -> Reply:
        honest = controller.refuse("malformed", dsse.digest(request.body))
        return rewritten(controller, newer)(request, honest)

    controller.refusals = [condemned]
    assert round_trip(enrolled).code == "malformed"
    assert [entry.seq for entry in spool.entries(enrolled.dead)] == [1]


def test_a_kind_of_report_that_an_older_controller_does_not_know_waits_for_its_upgrade(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    controller.refuse_next("bad_type")
    assert round_trip(enrolled).code == "bad_type"
    assert waiting(enrolled) == [1]
    assert not list(enrolled.dead.iterdir())
    assert round_trip(enrolled).code == ""


def test_an_answer_of_a_kind_that_this_agent_does_not_know_is_no_answer(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    body = dsse.sign(b"{}", types.PREFIX + "receipt.v2+json", controller.key)
    controller.faults = [lambda _request, reply: Reply(reply.status, body)]
    assert round_trip(enrolled).code == "damaged_answer"
    assert waiting(enrolled) == [1]


def bury(state: State, controller: Controller) -> None:
    """A first report that arrives, and a second that is condemned."""
    night(state)
    round_trip(state)
    night(state)
    controller.refuse_next("schema")
    assert round_trip(state).code == "schema"
    assert relinking.revive(state, SOON) == 0
    assert len(spool.entries(state.dead)) == 1


def test_a_dead_report_is_tried_again_after_the_controller_was_upgraded(
    enrolled: State, controller: Controller
) -> None:
    controller.release = "0.1.0"
    bury(enrolled, controller)
    controller.release = "0.2.0"
    night(enrolled)
    assert round_trip(enrolled).code == ""
    assert chain.load(enrolled.key).controller == "0.2.0"
    assert relinking.revive(enrolled, SOON) == 1
    assert deliver(enrolled, NOW).code == ""
    assert [found.seq for found in controller.reports] == [1, 2, 3]


def test_a_dead_report_is_tried_again_after_the_agent_was_upgraded(
    enrolled: State, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bury(enrolled, controller)
    monkeypatch.setattr(relinking, "RELEASE", "99.0.0")
    assert relinking.revive(enrolled, SOON) == 1
    assert round_trip(enrolled).code == ""


def test_a_dead_report_that_is_condemned_again_waits_for_the_next_upgrade(
    enrolled: State, controller: Controller
) -> None:
    controller.release = "0.1.0"
    bury(enrolled, controller)
    controller.release = "0.2.0"
    night(enrolled)
    round_trip(enrolled)
    assert relinking.revive(enrolled, SOON) == 1
    controller.refuse_next("schema")
    assert round_trip(enrolled).code == "schema"
    assert relinking.revive(enrolled, SOON) == 0


@pytest.mark.parametrize("marker", [b"", b"[]", b"no json"])
def test_a_dead_report_whose_marker_the_disk_did_not_keep_is_tried_again(
    enrolled: State, controller: Controller, marker: bytes
) -> None:
    bury(enrolled, controller)
    (grave,) = spool.entries(enrolled.dead)
    (grave.path / "condemned.json").write_bytes(marker)
    assert relinking.revive(enrolled, SOON) == 1
