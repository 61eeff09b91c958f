"""A data folder, and what becomes of it when the process is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.controller.commands.served import environment


class Lab:
    """Runs a verb once per step, killed there, and then once more."""

    def __init__(self, base: Path) -> None:
        """`base` holds `data` or `backup`."""
        self.base = base

    def run(self, verb: str) -> list[tuple[str, Path]]:
        """Each step, and what was left when the process died there."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tests.controller.backup.crash", str(self.base), verb],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            env=environment(PYTHONPATH=str(Path(__file__).parents[3])),
        )
        assert done.returncode == 0, done.stderr
        steps = done.stdout.splitlines()
        return [(name, self.base / f"dead-{at}") for at, name in enumerate(steps)]


@pytest.fixture
def lab(folder: Path) -> Lab:
    """Beside a data folder without a recovery key, so that nobody is asked for it."""
    (folder / "keys" / "recovery.x25519.pub").unlink(missing_ok=True)
    return Lab(folder.parent)
