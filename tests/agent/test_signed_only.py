"""Whatever status and body come back, only what the controller signed for this very request moves
anything (O1)."""

import http
from collections.abc import Callable

import pytest

from agent import keyfile
from agent.collect import answers
from agent.deliver.answers import Answer, DeliveryError, genuine
from agent.deliver.upload import deliver
from agent.enrolling import enrol_machine
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.nights import kept, night, round_trip
from tests.agent.proxies import PAGE
from tests.agent.simulator import NOW, Controller, Fault, Reply, Request
from wire import dsse, keys, problem

STATUSES = sorted({*map(int, http.HTTPStatus), 299, 399, 499, 599, 999} - {100})
"""100 is no answer: HTTP goes on to the next one."""
OTHER = "sha256:" + "0" * 64

Lie = Callable[[Controller, Request, Reply], bytes]


def refused(who: Controller, code: str, request: str) -> bytes:
    return who.refuse(code, request).body


def digest_of(request: Request) -> str:
    if request.method == "PUT":
        return "sha256:" + request.path.rpartition("/")[2]
    return dsse.digest(request.body)


def unsigned(_: Controller, request: Request, __: Reply) -> bytes:
    return b'{"code":"unknown_key","request":"%s","v":1}' % digest_of(request).encode()


def by_another(_: Controller, request: Request, __: Reply) -> bytes:
    return refused(Controller(), "malformed", digest_of(request))


LIES: dict[str, Lie] = {
    "a web page": lambda _controller, _request, _reply: PAGE,
    "nothing": lambda _controller, _request, _reply: b"",
    "unsigned JSON": unsigned,
    "signed by another key": by_another,
    "signed, of another request": lambda c, _request, _reply: refused(c, "malformed", OTHER),
    "signed, of no request": lambda c, _request, _reply: refused(c, "unknown_key", ""),
    "signed, with a code unknown here": lambda c, q, _reply: refused(
        c, "moved_house", digest_of(q)
    ),
    "cut off": lambda c, q, _reply: refused(c, "malformed", digest_of(q))[:-20],
    "the honest answer cut off": lambda _controller, _request, reply: reply.body[:-20],
}


class Always(list[Fault]):
    """One fault for every request from now on."""

    def pop(self, _index: object = -1) -> Fault:
        return self[0]


def lying(controller: Controller, lie: Lie, door: str, status: int) -> None:
    kind = "text/html" if lie is LIES["a web page"] else "application/vnd.caretaker.dsse+json"

    def fault(request: Request, reply: Reply) -> Reply:
        if not request.path.startswith(door):
            return reply
        return Reply(status, lie(controller, request, reply), kind)

    controller.faults = Always([fault])


def held(state: State) -> dict[str, bytes]:
    """Everything the agent keeps, but for when it tries next and when it last asked."""
    return {
        str(path.relative_to(state.root)): path.read_bytes()
        for path in state.root.rglob("*")
        if path.is_file() and path.name not in ("backoff.json", "roots.asked")
    }


def share_of(name: str) -> list[int]:
    """The statuses that this lie is tried under over TLS: all of them together have all."""
    lies = list(LIES)
    return STATUSES[lies.index(name) :: len(lies)]


@pytest.mark.parametrize("name", LIES)
def test_no_status_makes_an_answer_of_what_is_none(name: str) -> None:
    """Every status there is, for every lie."""
    controller = Controller()
    request = Request("POST", "/v1/reports", b"{}", {})
    ours = digest_of(request)
    honest = Reply(202, controller.refuse("malformed", ours).body)
    for status in STATUSES:
        body = LIES[name](controller, request, honest)
        answer = Answer(status, "application/vnd.caretaker.dsse+json", body, "https://x")
        if name == "signed, with a code unknown here":
            found, _ = genuine(answer, [controller.public], ours)
            assert isinstance(found, problem.Problem)
            assert problem.action_for(found.code) == "keep"
        else:
            with pytest.raises(DeliveryError) as refusal:
                genuine(answer, [controller.public], ours)
            assert refusal.value.code not in problem.CODES.keys() - {"busy"}


@pytest.mark.parametrize("name", LIES)
def test_no_answer_to_a_report_changes_anything_under_any_status(
    enrolled: State, controller: Controller, name: str
) -> None:
    night(enrolled)
    before = held(enrolled)
    for status in share_of(name):
        lying(controller, LIES[name], "/v1/reports", status)
        outcome = deliver(enrolled, NOW)
        assert outcome.code
        assert outcome.retry_seconds > 0
        assert answers.act(enrolled, NOW).confirmed == 0
        assert held(enrolled) == before
    controller.faults = []
    assert round_trip(enrolled).code == ""
    assert kept(enrolled) == [1]


@pytest.mark.parametrize("name", LIES)
def test_no_answer_to_a_section_changes_anything_and_the_report_waits_for_it(
    enrolled: State, controller: Controller, name: str
) -> None:
    night(enrolled)
    before = held(enrolled)
    lying(controller, LIES[name], "/v1/sections/", share_of(name)[0])
    controller.faults[0] = _unstored(controller, controller.faults[0])
    assert deliver(enrolled, NOW).code
    answers.act(enrolled, NOW)
    assert held(enrolled) == before
    controller.faults = []
    assert round_trip(enrolled).code == ""
    assert kept(enrolled) == [1]


def _unstored(controller: Controller, fault: Fault) -> Fault:
    """A middlebox answered in the controller's place, so nothing arrived there."""

    def both(request: Request, reply: Reply) -> Reply:
        controller.sections.clear()
        return fault(request, reply)

    return both


@pytest.mark.parametrize("name", LIES)
def test_no_answer_about_our_standing_changes_who_we_are(
    enrolled: State, controller: Controller, name: str
) -> None:
    (enrolled.spool / "enrolment.json").unlink()
    night(enrolled)
    before = held(enrolled)
    lying(controller, LIES[name], "/v1/enrol/", share_of(name)[-1])
    assert deliver(enrolled, NOW).code
    assert answers.act(enrolled, NOW).stopped == ""
    assert held(enrolled) == before
    controller.faults = []
    assert round_trip(enrolled).code == ""


@pytest.mark.parametrize("door", ["/v1/roots", "/v1/hello", "/v1/enrol"])
@pytest.mark.parametrize("name", LIES)
def test_no_answer_at_first_contact_makes_or_costs_an_identity(
    state: State, controller: Controller, name: str, door: str
) -> None:
    lying(controller, LIES[name], door, share_of(name)[1])
    with pytest.raises(DeliveryError):
        enrol_machine(state, machine(), controller.url, controller.code())
    assert state.identity() is None
    assert list(state.orphan.iterdir()) == []
    key = keyfile.load(state.key)
    controller.faults = []
    enrol_machine(state, machine(), controller.url, controller.code())
    again = keyfile.load(state.key)
    assert again is not None
    assert key is None or keys.public_bytes(key) == keys.public_bytes(again)


@pytest.mark.parametrize("status", [403, 500, 999])
def test_a_genuine_receipt_counts_whatever_its_status_says(
    enrolled: State, controller: Controller, status: int
) -> None:
    """A filter that rewrites statuses loses nobody's night."""
    night(enrolled)
    controller.faults = Always(
        [lambda _request, reply: Reply(status if reply.body else reply.status, reply.body)]
    )
    assert round_trip(enrolled).code == ""
    assert kept(enrolled) == [1]
