"""The same with PostgreSQL, by its own programs."""

import subprocess
import sys
from pathlib import Path

import pytest

from controller.backup import databases, restoring
from controller.backup.errors import BackupError
from tests import needs
from tests.controller.commands.served import caretaker, environment
from tests.services.postgres import Postgres

_SCHOOL = """
import sys
from controller.config import load, use
use(load({"data": sys.argv[1]}))
from controller.commands.shared import django
django()
from inventory.services import create_site
create_site(name="Hill School", at=1)
"""
_SAID = """
import sys
from controller.config import load, use
use(load({"data": sys.argv[1]}))
from controller.commands.shared import django
django()
from inventory.models import Event, Site
print(Site.objects.get().name, *Event.objects.order_by("seq").values_list("verb", flat=True))
"""


def _python(code: str, data: Path, url: str) -> str:
    return subprocess.run(
        [sys.executable, "-P", "-c", code, str(data)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(CARETAKER_DATABASE=url),
    ).stdout


@pytest.mark.postgres
def test_a_backup_of_postgresql_comes_back_into_an_empty_database_only(
    folder: Path, tmp_path: Path, postgres: Postgres
) -> None:
    needs.program("pg_dump", package="postgresql")
    (folder / "keys" / "recovery.x25519.pub").unlink(missing_ok=True)
    old, new = postgres.create("backup_old"), postgres.create("backup_new")
    backup, data = tmp_path / "backup", tmp_path / "new"
    assert caretaker("migrate", data=folder, CARETAKER_DATABASE=old).returncode == 0
    _python(_SCHOOL, folder, old)
    done = caretaker("backup", str(backup), data=folder, CARETAKER_DATABASE=old)
    assert done.returncode == 0, done.stderr
    assert restoring.check(backup).manifest.database == "postgresql"
    with pytest.raises(BackupError, match="--database"):
        databases.bring_back("postgresql", backup, {"ENGINE": "controller.db", "NAME": "x"})
    full = caretaker("restore", str(backup), "--database", old, data=data)
    assert (full.returncode, "already exists" in full.stderr) == (1, True)
    assert not data.exists()
    done = caretaker("restore", str(backup), "--database", new, data=data)
    assert done.returncode == 0, done.stderr
    assert _python(_SAID, data, new).split() == [
        "Hill",
        "School",
        "site.create",
        "controller.restore",
    ]
