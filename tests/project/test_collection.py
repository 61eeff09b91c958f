"""Every process collects the same tests: names from a clock or a set split one run's workers."""

import os
import subprocess
import sys

from tests.project.repository import ROOT


def names(seed: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "tests"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
    return [line for line in run.stdout.splitlines() if "::" in line]


def test_two_processes_seconds_apart_collect_the_same_names() -> None:
    # One after the other: compressed bytes and certificates differ from one second to the next.
    assert names("1") == names("2")
