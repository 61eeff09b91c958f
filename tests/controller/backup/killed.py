"""What must be true after `kill -9` at each step of a verb, whichever the database is."""

from controller.backup import restoring
from tests.controller.backup.conftest import Lab


def backup_is_absent_or_whole(lab: Lab) -> None:
    """And can be taken again."""
    *killed, last = lab.run("backup")
    for step, left, _ in killed:
        assert (left / "new").exists() == (step == "named"), step
    for left in (killed[-1].folder, last.folder):
        restoring.check(left / "new")
        assert [path.name for path in left.iterdir()] == ["new"]


def restore_is_absent_or_whole(lab: Lab) -> None:
    """And can be done again, into an empty database where that lies on a server."""
    *killed, last = lab.run("restore")
    for step, left, rows in killed:
        assert (left / "new").exists() == (step == "named"), step
        assert len(rows) <= 1, step
    for _, left, rows in (killed[-1], last):
        assert rows == ["controller.restore"]
        assert [path.name for path in left.iterdir()] == ["new"]


def migration_goes_on(lab: Lab) -> None:
    """Each step is done or not; the old database is in a backup made before the first."""
    first, *killed, last = lab.run("migrate")
    assert (first.step, len(killed)) == ("backed up", 3)
    before, done = set(first.rows), set(last.rows)
    for at, (step, left, rows) in enumerate(killed):
        assert len(rows) == len(before) + at, step
        assert before <= set(rows) < done
        assert step.removeprefix("migration ") in done - set(rows)
        oldest = min((left / "backups").glob("before-*"))
        assert {*restoring.check(oldest).manifest.migrations, "Hill"} == before
    assert len(done) == len(before) + 3
