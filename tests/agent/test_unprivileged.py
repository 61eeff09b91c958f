"""An ordinary user may audit too: what they may see is
judged, what they may not is said, nothing breaks."""

import json
import site
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import needs

CHECKOUT = Path(__file__).parents[2]
NOBODY = 65534
ENVIRONMENT = {"PYTHONPATH": f"{CHECKOUT}:{site.getsitepackages()[0]}", "HOME": "/nonexistent"}


def as_nobody(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the agent as a user who owns nothing, under the system's own Python if ours is root's."""
    needs.root()
    python = next(
        (p for p in (sys.executable, "/usr/bin/python3") if _usable(p)),
        None,
    )
    if python is None:
        needs.impossible("no Python of this version that an ordinary user may start with our code")
    return subprocess.run(
        [python, "-P", "-m", "agent.commands.main", *words],
        capture_output=True,
        text=True,
        check=False,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        env=ENVIRONMENT,
    )


def _usable(python: str) -> bool:
    """Whether nobody may start it, it is our version, and it may read our code."""
    code = "import sys, agent.commands.main, msgspec; print(*sys.version_info[:2])"
    try:
        ran = subprocess.run(
            [python, "-P", "-c", code],
            capture_output=True,
            text=True,
            check=False,
            user=NOBODY,
            cwd="/",
            env=ENVIRONMENT,
        )
    except OSError:
        return False
    return ran.stdout.split() == [str(part) for part in sys.version_info[:2]]


@pytest.mark.root
def test_an_ordinary_user_audits_what_they_may_see() -> None:
    ran = as_nobody("audit", "--format", "json")
    assert ran.returncode in (0, 2), ran.stderr
    assert ran.stderr == ""
    audit = json.loads(ran.stdout)
    assert audit["host"]["privileged"] is False
    assert {found["status"] for found in audit["findings"]} & {"pass", "fail", "not-applicable"}


@pytest.mark.root
def test_no_fact_that_needs_root_is_made_up_without_it() -> None:
    seen = json.loads(as_nobody("facts", "--format", "json").stdout)["facts"]
    words = [sys.executable, "-m", "agent.commands.main", "facts", "--format", "json"]
    ran = subprocess.run(words, capture_output=True, text=True, check=True, cwd=CHECKOUT)
    whole = json.loads(ran.stdout)["facts"]
    for section, facts in whole.items():
        if section.endswith("_now"):
            continue  # drifts between the two looks
        for name, value in facts.items():
            here = seen[section].get(name)
            assert here == value or _blind(here) or _personal(name), (section, name, here, value)


def _blind(value: Any) -> bool:
    """Whether something in a fact says that it could not be seen."""
    if isinstance(value, dict):
        return "unseen" in value or any(_blind(one) for one in value.values())
    return isinstance(value, list) and any(_blind(one) for one in value)


def _personal(name: str) -> bool:
    """Aliases are under a key of each run's own where no state is kept."""
    return "user" in name or "alias" in name or "account" in name


@pytest.mark.root
def test_an_ordinary_user_without_a_home_is_told_to_choose_a_folder() -> None:
    ran = as_nobody("run")
    assert ran.returncode == 1
    assert "Choose a folder with --data" in ran.stderr
