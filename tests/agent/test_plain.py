"""`status --plain` and the cost of a look: for everyone at this computer, root or not (S17)."""

import json
import os
import re
import time
from pathlib import Path

import pytest

from agent import cost, public
from agent.commands import plain
from agent.commands.status import main as status
from agent.public import Public
from agent.state import State
from checks.verdicts import Status, Verdict
from tests import needs
from tests.agent.cli import agent, printed
from tests.agent.simulator import NOW, Controller

NOBODY = 65534
JARGON = (
    *("posture", "fleet", "endpoint", "device", "enrol", "pending", "unknown", "unseen", "stale"),
    *("exempt", "finding", "verdict", "remediate", "attestation", "clause", "asset", "medium"),
    *("sanitise", "SSID", "PSK", "tenant", "coverage", "spool", "controller", "daemon", "root"),
)
WHOLE = Public(looked_at=NOW, fine=20, attention=3, unseen=1, received_at=NOW, cpu_ms=412)
CASES = {
    "never set up": (None, False),
    "not looked yet": (None, True),
    "all": (WHOLE, True),
    "nothing sent": (Public(looked_at=NOW, fine=1), True),
    "one of each": (Public(looked_at=NOW, fine=1, attention=1, unseen=1, cpu_ms=1000), True),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_page_has_no_word_a_teacher_would_have_to_ask_about(case: str) -> None:
    told, set_up = CASES[case]
    page = plain.page(told, set_up=set_up)
    found = [word for word in JARGON if re.search(rf"\b{word}(s|ed|ment)?\b", page, re.IGNORECASE)]
    assert found == []
    assert "What never leaves this computer" in page
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("never set up", "Nobody has set Caretaker up on this computer"),
        ("not looked yet", "has not looked at this computer yet"),
        ("all", "Of 24 things, 20 were fine, 3 need attention and 1 could not be checked."),
        ("all", "You need do nothing"),
        ("all", "less than a second"),
        ("nothing sent", "The one thing it checked was fine."),
        ("nothing sent", "has not received anything"),
        ("one of each", "Of 3 things, 1 was fine, 1 needs attention and 1 could not be checked."),
        ("one of each", "1 second of this computer's work"),
    ],
)
def test_the_page_says_how_the_last_look_went(case: str, says: str) -> None:
    told, set_up = CASES[case]
    assert says in plain.page(told, set_up=set_up)


def test_a_look_is_told_in_numbers_and_not_in_names() -> None:
    statuses: tuple[Status, ...] = ("pass", "fail", "warn", "unknown", "not-applicable")
    verdicts = [Verdict("usb-storage", one, "high", "s") for one in statuses]
    told = public.told(verdicts, NOW, NOW - 5, 300)
    assert (told.fine, told.attention, told.unseen) == (1, 2, 1)
    assert "usb" not in str(told)


@pytest.mark.parametrize(
    "junk",
    [b"", b"{", b"\xff", b'{"fine":"<b>"}', b"x" * 5000],
    ids=["empty", "half", "no text", "another type", "too long"],
)
def test_what_is_none_of_ours_is_not_read(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / public.NAME).write_bytes(junk)
    (tmp_path / cost.NAME).write_bytes(junk)
    assert public.read(tmp_path) is None
    assert cost.load(tmp_path) is None


def test_the_cost_of_a_look_is_kept() -> None:
    spent = cost.measured(NOW, time.monotonic() - 2)
    assert spent.wall_ms >= 2000
    assert spent.cpu_ms > 0
    assert spent.peak_bytes > 10 << 20


def test_after_a_round_everybody_may_read_how_it_went_and_the_owner_what_it_cost(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    data = enrolled.root.parent
    assert agent("run", data=data, CACHE_DIRECTORY=str(folder)).returncode == 0
    assert (folder / public.NAME).stat().st_mode & 0o777 == 0o644
    assert (enrolled.key.stat().st_mode & 0o077) == 0
    mine = printed(agent("status", "--format", "json", data=data))
    assert {"looked_at", "cpu_ms", "wall_ms", "peak_bytes"} <= set(mine)
    last = printed(agent("status", "--plain", "--format", "json", data=data))["last"]
    assert last["received_at"] == mine["confirmed_at"] > 0
    told = json.loads((folder / public.NAME).read_text())
    assert told["fine"] + told["attention"] + told["unseen"] > 10
    assert set(told) == set(Public.__struct_fields__)
    assert "Of " in agent("status", "--plain", data=data).stdout


@pytest.mark.root
def test_somebody_without_rights_sees_the_same_page(
    enrolled: State, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    needs.root()
    folder = tmp_path / "public"
    folder.mkdir()
    public.publish(folder, WHOLE, for_all=True)
    for path in (folder, *folder.parents):
        if str(path).startswith("/tmp/pytest"):  # noqa: S108  (pytest's own folders are closed)
            path.chmod(0o755)
    enrolled.root.chmod(0o700)
    assert _as_nobody(enrolled.root.parent, folder) == plain.page(WHOLE, set_up=True)


def _as_nobody(data: Path, folder: Path) -> str:
    """What the command prints for a child that gave up root."""
    import argparse
    import contextlib
    import io

    printed_text = io.StringIO()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.environ["CACHE_DIRECTORY"] = str(folder)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with contextlib.redirect_stdout(printed_text):
                status(argparse.Namespace(data=str(data), plain=True, format="table"))
            os.write(writing, printed_text.getvalue().strip().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said
