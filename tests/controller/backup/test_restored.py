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
from agent.collect import answers, rekeying
from agent.collect.round import collect
from agent.deliver.upload import Delivered, deliver
from agent.enrolling import enrol_machine
from agent.state import State
from controller.fleet import packed
from tests.agent.conftest import machine
from tests.agent.simulator import NOW
from tests.controller.commands.served import caretaker, free_port, serving
from wire.join_code import JoinCode

DAY = 86_400
START = NOW - 30 * DAY
"""Nights long past: what is brought back is backlog, and not counted as if it were new."""
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

    def join(self, name: str, *, waits: bool = False) -> State:
        """A computer that asks to join and is let in, or has to wait for that."""
        state = State(self.home / name)
        state.prepare()
        enrol_machine(state, machine(), f"https://127.0.0.1:{self.port}", self.code)
        self.agents.append(state)
        if not waits:
            self.let_in()
        return state

    def let_in(self) -> None:
        """Whoever waits."""
        with closing(sqlite3.connect(self.data / "db" / "caretaker.sqlite3")) as database:
            database.execute("UPDATE fleet_device SET state = 'active'")
            database.commit()

    def night(self, *, silent: int | None = None) -> None:
        """Everybody looks; all but the silent one report."""
        self.day += 1
        for number, state in enumerate(self.agents):
            collect(state, machine(at=START + self.day * DAY))
            if number != silent:
                assert round_trip(state).code == ""

    def devices(self) -> list[str]:
        """Ids, in the order of joining."""
        found = [state.identity() for state in self.agents]
        return [identity.device for identity in found if identity is not None]

    def envelopes(self, data: Path | None = None) -> list[tuple[str, int, bytes, bytes]]:
        """Of each report its signature and what it signed: one that is sent again may be packed in
        another way, and is kept as it came."""
        return [
            (device, seq, kept[:64], packed.payload(kept))
            for device, seq, kept in self.rows(REPORTS, data)
        ]

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


REPORTS = "SELECT device_id, seq, envelope FROM fleet_report ORDER BY 1, 2"


@pytest.fixture(scope="module")
def school(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """Three computers, a night, a backup, seven nights, a dead disk, a restore, one round.

    In the last of the seven one computer joins, one changes its key, one is let in that waited when
    the backup was made, and one report is not delivered.
    """
    base = tmp_path_factory.mktemp("week")
    made = School(Path(shutil.copytree(template, base / "data")), base)
    (made.data / "keys" / "recovery.x25519.pub").unlink(missing_ok=True)
    with serving(made.data, made.port):
        for name in ("one", "two", "three"):
            made.join(name)
        for _ in range(NIGHTS_BEFORE):
            made.night()
        made.join("waiting", waits=True)
        assert caretaker("backup", str(base / "backup"), data=made.data).returncode == 0
        made.let_in()
        for _ in range(NIGHTS_AFTER - 1):
            made.night()
        made.join("late")
        assert rekeying.propose(made.agents[2])
        made.night(silent=1)
    made.data = base / "new"
    restored = caretaker("restore", str(base / "backup"), data=made.data)
    assert restored.returncode == 0, restored.stderr
    with serving(made.data, made.port):
        made.day += 1
        for state in made.agents:
            collect(state, machine(at=START + made.day * DAY))
            while round_trip(state).code in ("gap", "unknown_key", "pending"):
                pass
        yield made


def test_every_report_from_before_is_there_again_byte_for_byte(school: School) -> None:
    before, now = school.envelopes(school.lost), school.envelopes()
    nights = NIGHTS_BEFORE + NIGHTS_AFTER
    reported = (nights, nights - 1, nights, NIGHTS_AFTER, 1)
    assert len(before) == sum(reported)
    assert set(before) < set(now)
    newest = dict(school.rows("SELECT device_id, MAX(seq) FROM fleet_report GROUP BY device_id"))
    expected = (nights + 1, nights + 1, nights + 1, NIGHTS_AFTER + 1, 2)
    assert tuple(newest[device] for device in school.devices()) == expected
    assert len(now) == sum(expected)


def test_nobody_is_accused_and_nothing_is_asked_for_any_more(school: School) -> None:
    assert school.rows("SELECT COUNT(*) FROM fleet_fork") == [(0,)]
    known = school.rows("SELECT DISTINCT state, n_forks FROM fleet_device WHERE head_seq > 0")
    assert known == [("active", 0)]
    assert school.rows("SELECT COUNT(*) FROM fleet_wanted") == [(0,)]
    for state in school.agents:
        assert spool.entries(state.spool) == []
    verbs = {verb for (verb,) in school.rows("SELECT verb FROM inventory_event")}
    assert verbs >= {"controller.restore", "log.lost"}, "what was lost is said, as what it is"
    assert not {verb for verb in verbs if "contradict" in verb or "fork" in verb}


def test_a_computer_that_joined_after_the_backup_is_known_again_by_itself(school: School) -> None:
    *_, waited, joined = school.devices()
    rows = school.rows("SELECT id, state FROM fleet_device")
    assert sorted(rows) == sorted((device, "active") for device in school.devices())
    asked = "SELECT subject FROM inventory_event WHERE verb = 'device.readmit' ORDER BY seq"
    assert school.rows(asked) == [(waited,), (joined,)]


def test_a_computer_that_changed_its_key_after_the_backup_has_changed_it_again(
    school: School,
) -> None:
    asked = "SELECT key_id FROM fleet_device ORDER BY key_id"
    past = "SELECT device_id, until_seq FROM fleet_pastkey"
    assert school.rows(asked) == school.rows(asked, school.lost)
    assert school.rows(past) == school.rows(past, school.lost)
