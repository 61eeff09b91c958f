"""A data folder, and what becomes of it when the process is killed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.controller.commands.served import environment
from tests.services.postgres import Postgres


class Left(NamedTuple):
    """What was left when a process died at a step ("": it was let finish): a copy of its folder,
    and what the database said."""

    step: str
    folder: Path
    rows: list[str]


class Lab:
    """Runs a verb once per step, killed there, and then once more."""

    def __init__(self, base: Path, server: Postgres | None = None, url: str = "") -> None:
        """`base` holds `data` or `backup`; `url` is that of the database on a server."""
        self.base, self.server, self.url = base, server, url

    def run(self, verb: str) -> list[Left]:
        """Each step; the last is the run that was let finish, in `room`. `age` is no verb and has
        no steps: it makes the database that `migrate` needs."""
        folders = [str(self.server.folder), str(self.server.programs)] if self.server else []
        extra = {"CARETAKER_DATABASE": self.url} if self.url else {}
        done = subprocess.run(
            [
                *(sys.executable, "-P", "-m", "tests.controller.backup.crash"),
                *(str(self.base), verb, *folders),
            ],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            env=environment(PYTHONPATH=str(Path(__file__).parents[3]), **extra),
        )
        assert done.returncode == 0, done.stderr
        said = [json.loads(line) for line in done.stdout.splitlines()]
        return [
            Left(step, self.base / (f"dead-{at}" if step else "room"), rows)
            for at, (step, rows) in enumerate(said)
        ]


@pytest.fixture
def lab(folder: Path) -> Lab:
    """Beside a data folder without a recovery key, so that nobody is asked for it."""
    (folder / "keys" / "recovery.x25519.pub").unlink(missing_ok=True)
    return Lab(folder.parent)
