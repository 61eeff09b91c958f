"""The worker as the agent sees it: whatever it says or does not say, the round goes on."""

import subprocess
import sys
import time
from typing import Final

import pytest

from agent.survey import child
from agent.survey.child import WalkError, walk
from tests.frames import task_of

DONE: Final = '{"done":{"frames":1,"asked":1,"cut":false,"passed_over":false}}'
HEARD: Final = '{"heard":{"mac":"00:1b:a9:00:00:01","addresses":[],"by":["arp"],"services":[]}}'
REALLY: Final = child._started


def plays(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another program in the worker's place."""

    def started() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    monkeypatch.setattr(child, "_started", started)


def code(monkeypatch: pytest.MonkeyPatch, program: str, seconds: float = 20) -> str:
    plays(monkeypatch, program)
    with pytest.raises(WalkError) as error:
        walk(task_of(), seconds, lambda *_: None)
    return error.value.code


def test_it_is_handed_the_task_and_its_answers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = "import sys, json; assert json.loads(sys.stdin.readline())['v'] == 1"
    said = [HEARD, '{"progress":{"sent":3,"found":1}}', DONE]
    plays(monkeypatch, "; ".join([reads, *[f"print({one!r})" for one in said]]))
    shown: list[tuple[int, int]] = []
    found = walk(task_of(), 20, lambda *told: shown.append(told))
    assert [one.mac for one in found.things] == ["00:1b:a9:00:00:01"]
    assert (found.done.frames, shown) == (1, [(3, 1)])


@pytest.mark.parametrize(
    "program",
    [
        "",
        "import sys; sys.exit(3)",
        "print('nonsense')",
        "print('{}')",
        "print('{\"heard\":{}}')",
        "import os; os.kill(os.getpid(), 9)",
        'print(\'{"failed":{"code":"out-of-scope"}}\')',
    ],
)
def test_one_that_breaks_is_a_crash(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    assert code(monkeypatch, program) == "crashed"


@pytest.mark.parametrize("said", ["denied", "tool-missing", "card"])
def test_what_it_could_not_do_is_said(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    assert code(monkeypatch, f'print(\'{{"failed":{{"code":"{said}"}}}}\')') == said


def test_one_that_hangs_is_killed_with_all_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    hangs = "import os, time; os.fork(); time.sleep(60)"
    assert code(monkeypatch, hangs, 0.3) == "timeout"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "program",
    [f"while True: print('{HEARD}')", "import sys\nwhile True: sys.stdout.write('x'*9999)"],
)
def test_one_that_says_too_much_is_ended(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    assert code(monkeypatch, program) == "too-large"


def test_where_no_raw_frames_are_sent_none_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        with pytest.raises(WalkError, match="unsupported"):
            walk(task_of(), 20, lambda *_: None)


def test_the_real_one_says_why_it_could_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_started", REALLY)
    with pytest.raises(WalkError) as error:
        walk(task_of(card="nocard0"), 20, lambda *_: None)
    assert error.value.code in ("card", "denied")
