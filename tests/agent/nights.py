"""A night in one word: what tests of delivery and of refusals do over and over."""

from agent import spool
from agent.collect import answers
from agent.collect.round import Collected, collect
from agent.deliver.upload import Delivered, deliver
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Fault, Reply


def night(state: State) -> Collected:
    return collect(state, machine())


def round_trip(state: State) -> Delivered:
    outcome = deliver(state, NOW)
    answers.act(state, NOW)
    return outcome


def waiting(state: State) -> list[int]:
    return [entry.seq for entry in spool.entries(state.spool)]


def kept(state: State) -> list[int]:
    return [entry.seq for entry in spool.entries(state.kept)]


def saying(status: int, body: bytes) -> Fault:
    return lambda _request, _reply: Reply(status, body)
