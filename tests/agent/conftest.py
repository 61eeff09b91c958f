"""An enrolled agent over a small recorded machine, and the controller simulator it talks to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.enrolling import enrol_machine
from agent.hosts.local import LocalHost
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Recording, load
from agent.hosts.ssh.opening import talk
from agent.hosts.ssh.posix import Known, PosixHost
from agent.hosts.ssh.talking import Talk
from agent.hosts.tape import Tape
from agent.state import State
from tests.agent import sshd
from tests.agent.doors import Ask, Door, outcome
from tests.agent.simulator import NOW, Controller, serving
from tests.agent.sshd import Server


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


@pytest.fixture(scope="session")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An SSH server on this machine."""
    with sshd.serving(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(scope="session")
def far_talk(far: Server) -> Iterator[Talk]:
    """One conversation for all who only ask."""
    session = far.connect()
    yield talk(session)
    session.close()


@pytest.fixture(params=["local", "taped", "recorded", "ssh"])
def door(request: pytest.FixtureRequest, tmp_path: Path) -> Door:
    state = State(tmp_path / "data")
    if request.param == "ssh":
        known = Known(request.getfixturevalue("far_talk"), b"k" * 32)

        def over_ssh(ask: Ask) -> object:
            return outcome(ask, PosixHost(known))

        return over_ssh

    def local(ask: Ask) -> object:
        return outcome(ask, LocalHost(b"k" * 32, state))

    def taped(ask: Ask) -> object:
        return outcome(ask, Tape(LocalHost(b"k" * 32, state), scrub=False))

    def recorded(ask: Ask) -> object:
        tape = Tape(LocalHost(b"k" * 32, state), scrub=False)
        outcome(ask, tape)
        tape.save(tmp_path / "tape.json", source="the contract's own tests")
        with RecordedHost(load(tmp_path / "tape.json")) as host:
            return outcome(ask, host)

    return {"local": local, "taped": taped, "recorded": recorded}[request.param]


@pytest.fixture
def memory(tmp_path: Path) -> State:
    """The agent's own folder, as every door here has it."""
    state = State(tmp_path / "data")
    state.prepare()
    return state


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
