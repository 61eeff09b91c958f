"""`kill -9` at each step of a backup, a restore and a migration: old or new, never half."""

from tests.controller.backup import killed
from tests.controller.backup.conftest import Lab
from tests.controller.commands.served import caretaker


def test_a_killed_backup_is_absent_or_whole_and_can_be_taken_again(lab: Lab) -> None:
    killed.backup_is_absent_or_whole(lab)


def test_a_killed_restore_is_absent_or_whole_and_can_be_done_again(lab: Lab) -> None:
    assert caretaker("backup", str(lab.base / "backup"), data=lab.base / "data").returncode == 0
    killed.restore_is_absent_or_whole(lab)


def test_a_killed_migration_leaves_a_database_that_goes_on_and_a_backup_of_the_old_one(
    lab: Lab,
) -> None:
    (lab.base / "data" / "db" / "caretaker.sqlite3").unlink()
    killed.migration_goes_on(lab)
    half = lab.base / "dead-2"
    assert "migrate" in caretaker("fleet", data=half).stderr, "another version is refused"
