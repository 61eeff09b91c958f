"""`kill -9` at every step: nothing that was signed is lost, nothing is told twice under one number.

Each job is run once per step in a real process that kills itself there; then a new
process's worth of work goes on from what is on the disk, and the controller (which refuses
a fork or a gap) must get everything.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from agent import presence, spool
from agent.collect import answers, relinking, ruling
from agent.collect.round import collect
from agent.deliver.upload import deliver
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.crash_lab import NOTED
from tests.agent.school import School
from tests.agent.simulator import NOW, Controller
from wire import canonical, dsse, report


def crash(job: str, state: State, out: Path) -> list[str]:
    """The steps the job was killed at; copy N of the state is `out/NNN`."""
    out.mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "tests.agent.crash_lab", job, str(state.root.parent), str(out)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


def nonces(*folders: Path) -> set[str]:
    """What was signed, by the nonce that survives being signed again."""
    return {
        canonical.decode(
            dsse.parse(entry.envelope()).payload, report.Report, longest=16 * 1024
        ).nonce
        for folder in folders
        for entry in spool.entries(folder)
    }


def recovers(state: State, controller: Controller, signed: set[str]) -> None:
    """Go on after the crash; everything signed arrives, in one unbroken chain."""
    answers.act(state, NOW)
    relinking.revive(state, NOW + 10**9)
    collect(state, machine())
    outcome = deliver(state, NOW)
    assert (outcome.code, outcome.waiting) == ("", 0)
    answers.act(state, NOW)
    assert spool.entries(state.spool) == []
    assert signed <= {found.nonce for found in controller.reports}
    left = {path.name for path in state.spool.iterdir()}
    assert left - {"roots.asked"} == {"enrolment.json"}


def remembered(controller: Controller) -> tuple[list[str], list[report.Report]]:
    return list(controller.heads), list(controller.reports)


def goes_on_after_every_step(
    job: str, state: State, controller: Controller, tmp_path: Path
) -> list[str]:
    heads, reports = remembered(controller)
    signed = nonces(state.spool, state.kept, state.dead)
    steps = crash(job, state, tmp_path / "crashes")
    for number, _ in enumerate(steps):
        controller.heads, controller.reports = list(heads), list(reports)
        recovers(State(tmp_path / "crashes" / f"{number:03d}"), controller, signed)
    return steps


def test_killed_while_making_a_report(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    collect(enrolled, machine())
    steps = goes_on_after_every_step("collect", enrolled, controller, tmp_path)
    assert {"spool:envelope", "spool:synced", "move:spool", "round:spooled"} <= set(steps)


def test_killed_while_acting_on_a_receipt(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    for _ in range(2):
        collect(enrolled, machine())
    deliver(enrolled, NOW)
    steps = goes_on_after_every_step("act", enrolled, controller, tmp_path)
    assert {"answers:noted", "move:kept"} <= set(steps)


def test_killed_while_taking_a_policy(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    controller.policy = School(controller, enrolled).made(2)
    collect(enrolled, machine())
    deliver(enrolled, NOW)
    steps = goes_on_after_every_step("act", enrolled, controller, tmp_path)
    assert {"ruling:marked", "replace:policy.json:renamed"} <= set(steps)
    for number, _ in enumerate(steps):
        found = ruling.in_force(State(tmp_path / "crashes" / f"{number:03d}"))
        assert (found.policy.name, found.why) == ("version 2", "")


def test_killed_while_putting_a_condemned_report_aside(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    for _ in range(3):
        collect(enrolled, machine())
    controller.refuse_next("malformed")
    deliver(enrolled, NOW)
    steps = goes_on_after_every_step("act", enrolled, controller, tmp_path)
    assert {"answers:rewound", "move:dead", "remove:renamed"} <= set(steps)


def test_killed_while_trying_a_dead_report_again(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    collect(enrolled, machine())
    controller.refuse_next("malformed")
    deliver(enrolled, NOW)
    answers.act(enrolled, NOW)
    steps = goes_on_after_every_step("revive", enrolled, controller, tmp_path)
    assert "remove:renamed" in steps


@pytest.mark.parametrize("restored", [1, 2])
def test_killed_while_bringing_reports_back_for_a_restored_controller(
    enrolled: State, controller: Controller, tmp_path: Path, restored: int
) -> None:
    for _ in range(3):
        collect(enrolled, machine())
        deliver(enrolled, NOW)
        answers.act(enrolled, NOW)
    del controller.heads[restored:], controller.reports[restored:]
    collect(enrolled, machine())
    assert deliver(enrolled, NOW).code == "gap"
    steps = goes_on_after_every_step("act", enrolled, controller, tmp_path)
    assert "move:spool" in steps


def test_killed_while_noting_that_the_computer_is_on(enrolled: State, tmp_path: Path) -> None:
    presence.keep(enrolled.key, presence.Sample("start", NOW - 2_700, 1_800, 1_800, True))
    before = presence.load(enrolled.key)
    steps = crash("note", enrolled, tmp_path / "crashes")
    assert steps == ["replace:presence.json:written", "replace:presence.json:renamed"]
    for number, _ in enumerate(steps):
        key = State(tmp_path / "crashes" / f"{number:03d}").key
        assert presence.load(key) in (before, presence.noted(before, NOTED))
        presence.keep(key, presence.Sample("start", NOW + 300, 4_800, 4_800, True))
        (stretch,) = presence.load(key).stretches
        assert (stretch.ends_at, stretch.seconds) == (NOW + 300, 4_800)
