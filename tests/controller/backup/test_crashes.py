"""`kill -9` at each step of a backup and of a restore: afterwards old or new, never half."""

import sqlite3
from contextlib import closing
from pathlib import Path

from controller.backup import restoring
from tests.controller.backup.conftest import Lab
from tests.controller.commands.served import caretaker


def _restored_events(data: Path) -> int:
    with closing(sqlite3.connect(data / "db" / "caretaker.sqlite3")) as database:
        asked = "SELECT COUNT(*) FROM inventory_event WHERE verb = 'controller.restore'"
        return int(database.execute(asked).fetchone()[0])


def test_a_killed_backup_is_absent_or_whole_and_can_be_taken_again(lab: Lab) -> None:
    steps = lab.run("backup")
    assert list(steps.values()) == [
        "begun",
        "database half",
        "database copied",
        "files copied",
        "list written",
        "filled",
        "named",
    ]
    for where, name in steps.items():
        left = lab.base / f"{where}-dead"
        assert (left / "new").exists() == (name == "named"), name
        for folder in (left / "new", lab.base / where / "new"):
            if folder.exists():
                restoring.check(folder)
        assert [path.name for path in (lab.base / where).iterdir()] == ["new"], name


def test_a_killed_restore_is_absent_or_whole_and_can_be_done_again(lab: Lab) -> None:
    assert caretaker("backup", str(lab.base / "backup"), data=lab.base / "data").returncode == 0
    steps = lab.run("restore")
    assert list(steps.values()) == ["begun", "files back", "database back", "filled", "named"]
    for where, name in steps.items():
        dead = lab.base / f"{where}-dead" / "new"
        assert dead.exists() == (name == "named"), name
        for new in (dead, lab.base / where / "new"):
            if new.exists():
                assert _restored_events(new) == 1
        assert [path.name for path in (lab.base / where).iterdir()] == ["new"], name
    restoring.check(lab.base / "backup")
