"""A week after the backup the controller's disk dies (O5): real server, real agents, real HTTPS.

Afterwards nothing that agents still hold is missing, and nobody is called a clone.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent import spool
from agent.collect import answers
from agent.collect.introducing import give_up
from agent.collect.round import collect
from agent.deliver.upload import Delivered, deliver
from agent.enrolling import enrol_machine
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.simulator import NOW
from tests.controller.commands.served import caretaker, free_port, serving
from wire.join_code import JoinCode

DAY = 86_400
NIGHTS_BEFORE = 1
NIGHTS_AFTER = 7


class School:
    """A controller on a port, and the computers that report to it."""

    def __init__(self, data: Path, home: Path) -> None:
        """`home` is where the computers keep their state."""
        self.data, self.home, self.port = data, home, free_port()
        self.agents: list[State] = []
        self.lost = data
        """The data folder on the disk that died."""
        self.day = 0
        self.code = JoinCode.parse(caretaker("token", "create", data=data).stdout.strip())

    def join(self, name: str) -> State:
        """A computer that asks to join and is let in."""
        state = State(self.home / name)
        state.prepare()
        enrol_machine(state, machine(), f"https://127.0.0.1:{self.port}", self.code)
        with closing(sqlite3.connect(self.data / "db" / "caretaker.sqlite3")) as database:
            database.execute("UPDATE fleet_device SET state = 'active'")
            database.commit()
        self.agents.append(state)
        return state

    def night(self, *, silent: int | None = None) -> None:
        """Everybody looks; all but the silent one report."""
        self.day += 1
        for number, state in enumerate(self.agents):
            collect(state, machine(at=NOW + self.day * DAY))
            if number != silent:
                assert round_trip(state).code == ""

    def rows(self, asked: str, data: Path | None = None) -> list[tuple[Any, ...]]:
        """What the database says."""
        path = (data or self.data) / "db" / "caretaker.sqlite3"
        with closing(sqlite3.connect(path, timeout=10)) as database:
            return database.execute(asked).fetchall()


def round_trip(state: State) -> Delivered:
    """Deliver what waits, and act on what was answered."""
    outcome = deliver(state, NOW, scheduled=False)
    answers.act(state, NOW)
    return outcome


REPORTS = "SELECT device_id, seq, hex(envelope) FROM fleet_report ORDER BY 1, 2"


@pytest.fixture(scope="module")
def school(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Three computers, a night, a backup, seven nights, a dead disk, a restore, one round.

    In the last of the seven a fourth computer joins, and one report is not delivered.
    """
    base = tmp_path_factory.mktemp("week")
    made = School(Path(shutil.copytree(template, base / "data")), base)
    (made.data / "keys" / "recovery.x25519.pub").unlink(missing_ok=True)
    with serving(made.data, made.port):
        for name in ("one", "two", "three"):
            made.join(name)
        for _ in range(NIGHTS_BEFORE):
            made.night()
        assert caretaker("backup", str(base / "backup"), data=made.data).returncode == 0
        for _ in range(NIGHTS_AFTER - 1):
            made.night()
        made.join("late")
        made.night(silent=1)
    made.data = base / "new"
    restored = caretaker("restore", str(base / "backup"), data=made.data)
    assert restored.returncode == 0, restored.stderr
    with serving(made.data, made.port):
        made.day += 1
        for state in made.agents:
            collect(state, machine(at=NOW + made.day * DAY))
            while round_trip(state).code == "gap":
                pass
        yield made


def test_every_report_from_before_is_there_again_byte_for_byte(school: School) -> None:
    known = {device for (device,) in school.rows("SELECT device_id FROM fleet_report")}
    before = [row for row in school.rows(REPORTS, school.lost) if row[0] in known]
    now = school.rows(REPORTS)
    assert len(before) == 3 * (NIGHTS_BEFORE + NIGHTS_AFTER) - 1
    assert set(before) < set(now)
    nights = NIGHTS_BEFORE + NIGHTS_AFTER + 1
    assert [row[1] for row in now] == 3 * list(range(1, nights + 1))


def test_nobody_is_accused_and_nothing_is_asked_for_any_more(school: School) -> None:
    assert school.rows("SELECT COUNT(*) FROM fleet_fork") == [(0,)]
    known = school.rows("SELECT DISTINCT state, n_forks FROM fleet_device WHERE head_seq > 0")
    assert known == [("active", 0)]
    assert school.rows("SELECT COUNT(*) FROM fleet_wanted") == [(0,)]
    for state in school.agents[:3]:
        assert spool.entries(state.spool) == []
    verbs = {verb for (verb,) in school.rows("SELECT verb FROM inventory_event")}
    assert verbs >= {"controller.restore", "log.lost"}, "what was lost is said, as what it is"
    assert not {verb for verb in verbs if "contradict" in verb or "fork" in verb}


def test_a_computer_that_joined_after_the_backup_joins_again_and_waits_to_be_let_in(
    school: School,
) -> None:
    late = school.agents[3]
    before = late.identity()
    assert before is not None
    assert round_trip(late).code == "unknown_key"
    assert spool.entries(late.spool), "what it found is kept"
    give_up(late, NOW)  # as `enrol --again` does
    enrol_machine(late, machine(), f"https://127.0.0.1:{school.port}", school.code)
    rows = school.rows("SELECT state, was FROM fleet_device WHERE state = 'pending'")
    assert rows == [("pending", before.device)]
