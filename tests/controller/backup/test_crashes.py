"""`kill -9` at each step of a backup, a restore and a migration: old or new, never half."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from controller.backup import restoring
from tests.controller.backup.conftest import Lab
from tests.controller.commands.served import caretaker, environment


def _restored_events(data: Path) -> int:
    with closing(sqlite3.connect(data / "db" / "caretaker.sqlite3")) as database:
        asked = "SELECT COUNT(*) FROM inventory_event WHERE verb = 'controller.restore'"
        return int(database.execute(asked).fetchone()[0])


def test_a_killed_backup_is_absent_or_whole_and_can_be_taken_again(lab: Lab) -> None:
    steps = lab.run("backup")
    for name, left in steps:
        assert (left / "new").exists() == (name == "named"), name
    restoring.check(steps[-1][1] / "new")
    restoring.check(lab.base / "room" / "new")
    assert [path.name for path in (lab.base / "room").iterdir()] == ["new"]


def test_a_killed_restore_is_absent_or_whole_and_can_be_done_again(lab: Lab) -> None:
    assert caretaker("backup", str(lab.base / "backup"), data=lab.base / "data").returncode == 0
    steps = lab.run("restore")
    for name, left in steps:
        assert (left / "new").exists() == (name == "named"), name
    for room in (steps[-1][1], lab.base / "room"):
        assert _restored_events(room / "new") == 1
        assert [path.name for path in room.iterdir()] == ["new"]


_OLD = """
import sys
from controller.config import load, use
use(load({"data": sys.argv[1]}))
from controller.commands.shared import django
django()
from django.core.management import call_command
from django.db import connection
call_command("migrate", "fleet", "0001_first", verbosity=0)
connection.cursor().execute(
    "INSERT INTO inventory_site (id, name, timezone, created_at) "
    "VALUES ('site_1', 'Hill', 'Europe/London', 1)")
connection.close()
"""


def test_a_killed_migration_leaves_a_database_that_goes_on_and_a_backup_of_the_old_one(
    lab: Lab,
) -> None:
    data = lab.base / "data"
    (data / "db" / "caretaker.sqlite3").unlink()
    command = [sys.executable, "-P", "-c", _OLD, str(data)]
    subprocess.run(command, check=True, timeout=60, env=environment())
    before = _migrations(data)
    steps = lab.run("migrate")
    assert steps[0][0] == "backed up"
    done = _migrations(lab.base / "room")
    for name, left in steps:
        assert before <= _migrations(left) < done, name
        assert name.removeprefix("migration ") not in _migrations(left)
        oldest = min((left / "backups").glob("before-*"))
        assert set(restoring.check(oldest).manifest.migrations) == before
        assert _names(left) == ["Hill"]
    assert "migrate" in caretaker("fleet", data=steps[-1][1]).stderr, "another version is refused"
    assert "up to date" in caretaker("migrate", "--check", data=lab.base / "room").stdout
    assert _names(lab.base / "room") == ["Hill"]


def _rows(data: Path, asked: str) -> list[str]:
    with closing(sqlite3.connect(data / "db" / "caretaker.sqlite3")) as database:
        return [str(row[0]) for row in database.execute(asked)]


def _migrations(data: Path) -> set[str]:
    return set(_rows(data, "SELECT app || '.' || name FROM django_migrations"))


def _names(data: Path) -> list[str]:
    return _rows(data, "SELECT name FROM inventory_site")
