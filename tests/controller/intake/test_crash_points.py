"""`kill -9` at every step of storing a report: it and its line in the log are there, or neither;
sent again it is taken as if nothing had happened."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.controller.commands.served import environment
from tests.controller.intake.crash import STEPS

ROOT = Path(__file__).parents[3]
_LINES = "SELECT count(*) FROM inventory_line WHERE text LIKE 'report %'"
_HEADS = (
    "SELECT size, (SELECT count(*) FROM inventory_line l WHERE l.site_id = h.site_id) "
    "FROM inventory_ledgerhead h"
)


def _run(data: Path, step: str, how: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.controller.intake.crash", str(data), step, how],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=environment(),
        check=False,
    )


@pytest.mark.parametrize("step", STEPS)
def test_killed_with(step: str, folder: Path) -> None:
    data = folder
    died = _run(data, step, "first")
    assert died.returncode == -9, died.stderr
    with sqlite3.connect(data / "db" / "caretaker.sqlite3") as database:
        reports = database.execute("SELECT seq FROM fleet_report").fetchall()
        (head,) = database.execute("SELECT head_seq FROM fleet_device").fetchone()
        (lines,) = database.execute(_LINES).fetchone()
        heads = database.execute(_HEADS).fetchall()
    database.close()
    stored = step == "after commit"
    assert (reports, head, lines) == (([(1,)], 1, 1) if stored else ([], 0, 0))
    assert all(size == count for size, count in heads)
    again = _run(data, step, "again")
    assert again.stdout.split() == ["Taken", "duplicate" if stored else "accepted"], again.stderr
