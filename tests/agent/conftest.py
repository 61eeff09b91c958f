"""An enrolled agent over a small recorded machine, and the controller simulator it talks to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.enrolling import enrol_machine
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Recording
from agent.state import State
from tests.agent.simulator import NOW, Controller, serving


def machine(at: int = NOW, **changes: object) -> RecordedHost:
    """A machine of which nothing can be seen: enough to sign reports about."""
    recording = Recording(
        schema="caretaker.recording/1",
        provenance="constructed",
        source="made for the agent's own tests",
        platform="linux",
        os="none",
        build="none",
        date="2026-11-22",
        at=at,
        privileged=True,
        answers=[],
    )
    return RecordedHost(recording, strict=False)


@pytest.fixture
def controller(tmp_path: Path) -> Iterator[Controller]:
    with serving(Controller(), tmp_path) as running:
        yield running


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(tmp_path / "data")
    made.prepare()
    return made


@pytest.fixture
def enrolled(state: State, controller: Controller) -> State:
    enrol_machine(state, machine(), controller.url, controller.code())
    controller.requests.clear()
    return state
