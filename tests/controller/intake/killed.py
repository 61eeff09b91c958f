"""What must be true after `kill -9` at each step of the writer, whichever the database is."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.controller.commands.served import environment
from tests.controller.intake.crash import KINDS

ROOT = Path(__file__).parents[3]
AGAIN = {
    "report": (["Taken", "accepted"], ["Taken", "duplicate"]),
    "enrol": (["Standing", "pending"], ["Standing", "pending"]),
    "rekey": (["Standing", "active"], ["Standing", "active"]),
    "readmit": (["Standing", "active"], ["Standing", "active"]),
}
"""The answer when nothing had been stored, and when everything had."""


def deaths(data: Path, url: str = "") -> list[list[Any]]:
    """Kill a writer at every step; what each death left, and what came of trying again."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.controller.intake.crash", str(data)],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=ROOT,
        env=environment(**({"CARETAKER_DATABASE": url} if url else {})),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def effect_and_line_are_there_or_neither(data: Path, url: str = "") -> None:
    """And asked again, it is done once."""
    found = deaths(data, url)
    assert [(kind, step) for kind, step, *_ in found] == [
        (kind, step) for kind, steps in KINDS.items() for step in steps
    ]
    for kind, step, left, answer, at_last in found:
        stored = step == "after commit"
        assert left == [stored, stored, 0], (kind, step)
        assert answer == AGAIN[kind][stored], (kind, step)
        assert at_last == [1, 1, 0], (kind, step)
