"""The same with PostgreSQL, by its own programs; and `kill -9` at each step of everything there.

All of it is here, because the server and the database that the others are copies of are made once.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from controller.backup import databases, manifest, restoring
from controller.backup.errors import BackupError
from tests import needs
from tests.controller.backup import killed
from tests.controller.backup.conftest import Lab
from tests.controller.commands.served import caretaker, environment
from tests.controller.intake import killed as killed_writer
from tests.services.postgres import Postgres

pytestmark = pytest.mark.postgres
_SAID = """
import sys
from controller.config import load, use
use(load({"data": sys.argv[1]}))
from controller.commands.shared import django
django()
from inventory.models import Event, Site
print(Site.objects.get().name, *Event.objects.order_by("seq").values_list("verb", flat=True))
"""


class Shelf(NamedTuple):
    """A server with two databases to copy: `old` lacks the last migrations, `whole` none."""

    server: Postgres
    data: Path

    def lab(self, base: Path, like: str) -> Lab:
        """A data folder, and a database of its own for it."""
        shutil.copytree(self.data, base / "data")
        return Lab(base, self.server, self.server.create(f"lab_{base.name}", like=like))


@pytest.fixture(scope="module")
def shelf(keyed: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Migrated once: that takes longer than all else here."""
    needs.program("pg_dump", package="postgresql")
    base = tmp_path_factory.mktemp("shelf")
    data = Path(shutil.copytree(keyed, base / "data"))
    (data / "keys" / "recovery.x25519.pub").unlink(missing_ok=True)
    url = postgres.create("whole")
    assert Lab(base, postgres, url).run("age") == []
    postgres.create("old", like="whole")
    done = caretaker("migrate", "--no-backup", data=data, CARETAKER_DATABASE=url)
    assert done.returncode == 0, done.stderr
    return Shelf(postgres, data)


def test_a_backup_of_postgresql_comes_back_into_an_empty_database_only(
    shelf: Shelf, tmp_path: Path
) -> None:
    lab, new = shelf.lab(tmp_path, "whole"), shelf.server.create("backup_new")
    backup, data = tmp_path / "backup", tmp_path / "new"
    done = caretaker("backup", str(backup), data=tmp_path / "data", CARETAKER_DATABASE=lab.url)
    assert done.returncode == 0, done.stderr
    assert restoring.check(backup).manifest.database == "postgresql"
    listed = subprocess.run(
        [shelf.server.programs / "pg_restore", "--list", str(backup / manifest.POSTGRES)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert "TABLE DATA public people_user" in listed
    assert "TABLE DATA public django_session" not in listed, "nobody in it is signed in"
    with pytest.raises(BackupError, match="--database"):
        databases.bring_back("postgresql", backup, {"ENGINE": "controller.db", "NAME": "x"})
    full = caretaker("restore", str(backup), "--database", lab.url, data=data)
    assert (full.returncode, "already exists" in full.stderr) == (1, True)
    assert not data.exists()
    done = caretaker("restore", str(backup), "--database", new, data=data)
    assert done.returncode == 0, done.stderr
    said = subprocess.run(
        [sys.executable, "-P", "-c", _SAID, str(data)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(CARETAKER_DATABASE=new),
    ).stdout
    assert said.split() == ["Hill", "controller.restore"]


def test_a_killed_backup_is_absent_or_whole_and_can_be_taken_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    killed.backup_is_absent_or_whole(shelf.lab(tmp_path, "whole"))


def test_a_killed_restore_is_absent_or_whole_and_can_be_done_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    lab = shelf.lab(tmp_path, "whole")
    backup = str(tmp_path / "backup")
    done = caretaker("backup", backup, data=tmp_path / "data", CARETAKER_DATABASE=lab.url)
    assert done.returncode == 0, done.stderr
    killed.restore_is_absent_or_whole(lab)


def test_a_killed_migration_leaves_a_database_that_goes_on_and_a_backup_of_the_old_one(
    shelf: Shelf, tmp_path: Path
) -> None:
    killed.migration_goes_on(shelf.lab(tmp_path, "old"))


def test_a_killed_writer_leaves_no_answer_without_its_entry_and_no_entry_without_its_effect(
    shelf: Shelf, tmp_path: Path
) -> None:
    lab = shelf.lab(tmp_path, "whole")
    killed_writer.effect_and_line_are_there_or_neither(tmp_path / "data", lab.url)
