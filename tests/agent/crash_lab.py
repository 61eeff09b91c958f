"""Kills the agent at every step of one job, each time on a
copy of the same state; a program of its own.

Run by `test_crashes`. It forks, so it must have no threads: that is why it is not a fixture.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from agent import files, presence
from agent.collect import answers, relinking
from agent.collect.round import collect
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.simulator import NOW

NOTED = presence.Sample("start", NOW, 4_500, 4_500, True)

JOBS: dict[str, Callable[[State], object]] = {
    "collect": lambda state: collect(state, machine()),
    "note": lambda state: presence.keep(state.key, NOTED),
    "act": lambda state: answers.act(state, NOW),
    "revive": lambda state: relinking.revive(state, NOW + 10**9),
}


def main() -> None:
    """`crash_lab JOB TEMPLATE OUT`: prints the name of each step it was killed at."""
    setattr(os, "fsync", lambda _: None)  # noqa: B010  (as in tests.environment)
    job, template, out = JOBS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3])
    collect(State(_spare(template, out)), machine())  # load everything before forking
    number = 0
    while True:
        copy = out / f"{number:03d}"
        shutil.copytree(template, copy)
        name = _killed_at(number, job, State(copy))
        if name is None:
            return
        print(name)
        number += 1


def _spare(template: Path, out: Path) -> Path:
    return Path(shutil.copytree(template, out / "spare"))


def _killed_at(number: int, job: Callable[[State], object], state: State) -> str | None:
    """Run the job in a child that is killed at its `number`th step; None if it has fewer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        passed: list[str] = []

        def step(name: str) -> None:
            passed.append(name)
            if len(passed) > number:
                os.write(writing, name.encode())
                os.kill(os.getpid(), signal.SIGKILL)

        files.step = step
        job(state)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        name = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        if os.WEXITSTATUS(status) != 0:
            raise SystemExit(f"the job failed before step {number}")
        return None
    return name


if __name__ == "__main__":
    main()
