"""Whatever a controller answers, an agent opens no port and starts no program because of it (T4).

Python itself tells of both, by its audit events, whatever library asks.
"""

import sys
from collections.abc import Iterator

import pytest

from agent.collect import answers
from agent.state import State
from tests.agent.nights import night, round_trip
from tests.agent.simulator import NOW, Controller
from wire.problem import CODES

_STARTS = ("subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pty.")
_LISTENS = ("socket.bind", "socket.listen")
_heard: list[list[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _heard and event.startswith((*_STARTS, *_LISTENS)):
        _heard[-1].append(f"{event} {arguments!r}"[:200])


sys.addaudithook(_hear)  # cannot be taken away again, so it hears only while a test listens


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What was opened and started during the test."""
    _heard.append([])
    yield _heard[-1]
    _heard.pop()


def test_the_hook_hears_both(heard: list[str]) -> None:
    import socket
    import subprocess

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
    subprocess.run(["/bin/true"], check=False)
    assert {line.split(" ")[0] for line in heard} >= {"socket.bind", "subprocess.Popen"}


@pytest.mark.parametrize("code", sorted(CODES))
def test_rounds_open_no_port_and_start_nothing_under_any_signed_answer(
    code: str, enrolled: State, controller: Controller, heard: list[str]
) -> None:
    for refused in (True, False):
        night(enrolled)
        if refused:
            controller.refuse_next(code)
        round_trip(enrolled)
        answers.act(enrolled, NOW)
    assert controller.requests
    assert heard == []
