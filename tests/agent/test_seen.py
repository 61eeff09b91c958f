"""Every computer is a witness: its next report says how far the log reached in its last receipt."""

import base64

import msgspec

from agent.state import State
from tests.agent.nights import night, round_trip
from tests.agent.simulator import Controller, Reply, Request
from wire import dsse, receipt
from wire.report import Seen


def _logs(controller: Controller, size: int) -> None:
    """The next receipt says that the log holds `size` lines."""

    def logged(_request: Request, reply: Reply) -> Reply:
        plain = receipt.open_receipt(dsse.parse(reply.body), controller.public)
        root = base64.b64encode(bytes([size]) * 32).decode()
        said = msgspec.structs.replace(plain, index=size - 1, size=size, root=root)
        return controller.signed(reply.status, receipt.sign_receipt(said, controller.key))

    controller.faults.append(logged)


def test_a_report_says_how_far_the_log_reached_in_the_last_receipt(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    round_trip(enrolled)
    for size in (5, 9):
        night(enrolled)
        _logs(controller, size)
        round_trip(enrolled)
    night(enrolled)
    round_trip(enrolled)
    saw = [found.seen for found in controller.reports]
    assert saw == [
        None,
        None,
        Seen(size=5, root="sha256:" + "05" * 32),
        Seen(size=9, root="sha256:" + "09" * 32),
    ]


def test_what_a_report_saw_is_under_the_computers_own_signature(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    round_trip(enrolled)
    night(enrolled)
    _logs(controller, 5)
    round_trip(enrolled)
    night(enrolled)
    kept = sorted(enrolled.spool.glob("*/envelope.json"))
    assert b'"size":5' in dsse.parse(kept[-1].read_bytes()).payload
