"""A process at the other end of two pipes: its answers, its death, and its taking too long."""

import io
import os
import signal
import subprocess
import sys

import msgspec
import pytest

from controller.intake.verified import Question
from controller.pipes import framing
from controller.pipes.child import Child, ChildDiedError

ECHO = """
import sys
while size := sys.stdin.buffer.read(4):
    sys.stdout.buffer.write(size + sys.stdin.buffer.read(int.from_bytes(size, "big")))
    sys.stdout.buffer.flush()
"""


def _child(program: str, *, patience: float = 30) -> Child:
    child = Child("unused", patience_seconds=patience)
    child.command = [sys.executable, "-c", program]
    return child


def _ask(child: Child, question: list[str]) -> bytes:
    child.send(question)
    return child.receive()


def test_an_answer_comes_back_and_then_another_from_the_same_process() -> None:
    child = _child(ECHO)
    pids = []
    for question in (["one"], ["another"]):
        child.send(question)
        assert msgspec.msgpack.decode(child.receive()) == question
        assert child.process is not None
        pids.append(child.process.pid)
    child.close()
    assert pids[0] == pids[1]


def test_one_that_was_killed_is_told_once_and_started_again() -> None:
    child = _child(ECHO)
    child.send(["one"])
    child.receive()
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    with pytest.raises(ChildDiedError):
        _ask(child, ["two"])
    child.send(["three"])
    assert msgspec.msgpack.decode(child.receive()) == ["three"]
    child.close()


def test_one_that_takes_too_long_is_ended() -> None:
    child = _child("import time; time.sleep(600)", patience=0.2)
    child.send(["one"])
    running = child.process
    with pytest.raises(ChildDiedError):
        child.receive()
    assert running is not None
    assert running.returncode == -signal.SIGKILL


def test_one_that_cannot_be_started_is_told() -> None:
    child = Child("unused", patience_seconds=30)
    child.command = ["/nowhere/python"]
    with pytest.raises(ChildDiedError):
        child.send(["one"])
    child.close()


def test_it_gets_no_environment_and_lies_in_a_group_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CARETAKER_SECRET", "1")
    child = _child(
        "import os, sys; sys.stdin.buffer.read(5); a = b'\\xa0' if 'CARETAKER_SECRET' in os.environ"
        " else b'\\xa4none'; sys.stdout.buffer.write(len(a).to_bytes(4, 'big') + a)"
    )
    child.send([])
    assert child.process is not None
    assert os.getpgid(child.process.pid) == child.process.pid
    assert msgspec.msgpack.decode(child.receive()) == "none"
    child.close()


def test_a_stream_that_ends_in_the_middle_is_noticed() -> None:
    stream = io.BytesIO()
    framing.send(stream, ["a message"])
    whole = stream.getvalue()
    assert framing.receive(io.BytesIO(b"")) is None
    assert framing.receive(io.BytesIO(whole)) is not None
    for cut in (1, 3, 4, len(whole) - 1):
        with pytest.raises(EOFError):
            framing.receive(io.BytesIO(whole[:cut]))


def test_a_message_that_claims_to_be_endless_is_not_waited_for() -> None:
    stream = io.BytesIO((framing.FRAME + 1).to_bytes(4, "big") + b"x" * 10)
    with pytest.raises(EOFError):
        framing.receive(stream)


@pytest.mark.parametrize("question", [b"", b"\x00\x00", b"\x00\x00\x00\x09abc"])
def test_a_child_whose_server_goes_in_the_middle_ends_without_a_word(question: bytes) -> None:
    argv = [sys.executable, "-I", "-P", "-m", "controller.intake.verifying"]
    done = subprocess.run(argv, input=question, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_child_whose_answer_nobody_takes_ends_without_a_word() -> None:
    argv = [sys.executable, "-I", "-P", "-m", "controller.intake.verifying"]
    stream = io.BytesIO()
    framing.send(stream, [Question(b"x", b"y")] * 2_000)
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        running.stdin.write(stream.getvalue())
        running.stdin.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
