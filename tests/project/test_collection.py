"""Every process collects the same tests: names made from the clock or a set split the workers of one run."""

import os
import subprocess
import sys
import time

from tests.project.repository import ROOT


def collecting(seed: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "tests"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def names(run: subprocess.Popen[str]) -> list[str]:
    out, _ = run.communicate(timeout=300)
    assert run.returncode == 0, out[-2000:]
    return [line for line in out.splitlines() if "::" in line]


def test_two_processes_a_second_apart_collect_the_same_names() -> None:
    first = collecting("1")
    time.sleep(1.1)  # gzip, certificates and names count in whole seconds
    second = collecting("2")
    assert names(first) == names(second)
