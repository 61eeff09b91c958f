"""The worker as a program: what it loads, how it ends."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

import agent
from agent.survey.worker.card import Card
from agent.survey.worker.guard import Guard, OutOfScopeError
from agent.survey.worker.walk import Walk
from tests.frames import task_line, task_of

WORKER = [sys.executable, "-I", "-P", "-m", "agent.survey.worker"]
LOADED = """
import runpy, sys
sys.stdin.close()
try:
    runpy.run_module("agent.survey.worker", run_name="__main__")
except SystemExit:
    pass
from agent.survey.worker import dissecting
layers = dissecting.load()
print(bytes(layers.DNS(qd=[layers.DNSQR(qname="x")])).hex(), file=sys.stderr)
print("\\n".join(name for name, module in sys.modules.items() if module is not None))
"""


def said(line: bytes) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(WORKER, input=line, capture_output=True, check=False, timeout=20)
    assert done.stderr == b""
    return done.returncode, [json.loads(one) for one in done.stdout.splitlines()]


def test_it_loads_scapy_and_nothing_that_may_not_stand_beside_it() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-P", "-c", LOADED], capture_output=True, check=True, timeout=60
    )
    loaded = set(done.stdout.decode().splitlines())
    assert "scapy.layers.dns" in loaded
    for name in ("cryptography", "paramiko", "pysnmp", "msgspec", "psutil", "netaddr", "pyasn1"):
        assert name not in loaded, name
    own = {name for name in loaded if name.split(".")[0] in ("agent", "checks", "wire")}
    assert {name for name in own if not name.startswith("agent.survey.worker")} == {
        "agent",
        "agent.survey",
    }


def test_only_the_worker_names_scapy() -> None:
    root = Path(agent.__file__).parents[1]
    rooms = ("agent", "checks", "controller", "inventory", "wire")
    named = {
        str(path.parent.relative_to(root))
        for room in rooms
        for path in (root / room).rglob("*.py")
        if any(
            line.lstrip().startswith(("import scapy", "from scapy"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    }
    assert named == {"agent/survey/worker"}


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (b"", "line"),
        (b"{}\n", "v"),
        (b"x" * 200_000, "line"),
        (task_line() + b"\nmore\n", "more"),
        (task_line(targets=["8.8.8.8"]) + b"\n", "targets"),
    ],
)
def test_a_task_it_will_not_do_is_refused_in_one_line(line: bytes, part: str) -> None:
    assert said(line) == (1, [{"failed": {"code": "refused", "detail": part}}])


def test_a_card_that_is_not_there_is_said() -> None:
    code, lines = said(task_line(card="nocard0") + b"\n")
    assert code == 1
    assert lines[0]["failed"]["code"] in ("card", "denied")  # type: ignore[index]  # JSON


def test_it_ends_when_whoever_started_it_is_gone() -> None:
    """`lo` is a card like any other; no answer ever comes, so it would walk for ten minutes."""
    from tests import needs

    needs.root()
    task = task_line(card="lo", targets=[], source="", listen_seconds=600)
    child = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.write(task + b"\n")
    child.stdin.close()
    assert child.wait(timeout=20) == 1
    assert child.stdout is not None
    child.stdout.close()


class Busy:
    """A card's socket that is full for a while, or for good."""

    def __init__(self, times: int, error: int) -> None:
        self.times, self.error = times, error
        self.sent: list[bytes] = []

    def send(self, frame: bytes) -> None:
        if self.times > 0:
            self.times -= 1
            raise OSError(self.error, "busy")
        self.sent.append(frame)

    def fileno(self) -> int:
        return sys.stderr.fileno()


@pytest.mark.parametrize(("times", "sent"), [(0, 1), (2, 1), (9, 0)])
def test_a_busy_card_loses_a_frame_and_not_the_walk(times: int, sent: int) -> None:
    task = task_of()
    card = Card.__new__(Card)
    busy = Busy(times, errno.ENOBUFS)
    card._guard, card._socket = Guard(task), busy  # type: ignore[assignment]  # as far as it is used
    (frame, *_) = Walk(task, None).due(0.0)
    card.send(frame)
    assert len(busy.sent) == sent


def test_a_card_that_went_away_ends_the_walk() -> None:
    task = task_of()
    card = Card.__new__(Card)
    card._guard = Guard(task)
    card._socket = Busy(1, errno.ENETDOWN)  # type: ignore[assignment]  # as above
    with pytest.raises(OSError, match="busy"):
        card.send(next(iter(Walk(task, None).due(0.0))))


def test_no_frame_that_the_guard_refuses_reaches_a_card() -> None:
    card = Card.__new__(Card)
    busy = Busy(0, 0)
    card._guard, card._socket = Guard(task_of()), busy  # type: ignore[assignment]  # as above
    with pytest.raises(OutOfScopeError):
        card.send(bytes(60))
    assert busy.sent == []
