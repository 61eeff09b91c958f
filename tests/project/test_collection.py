"""Every process collects the same tests: names from a clock or a set split one run's workers."""

import os
import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.environment import COLLECTED
from tests.project.repository import ROOT


def collected_elsewhere(files: Iterable[str]) -> list[str]:
    """What another process calls the tests of some files, with its sets in another order."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", *files],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
    return [line for line in run.stdout.splitlines() if "::" in line]


def test_another_process_some_seconds_later_collects_the_same_names(
    pytestconfig: pytest.Config,
) -> None:
    # Later, because compressed bytes and certificates differ from one second to the next.
    ours: list[str] = pytestconfig.stash[COLLECTED]
    theirs = collected_elsewhere(sorted({name.partition("::")[0] for name in ours}))
    assert set(ours) - set(theirs) == set()
