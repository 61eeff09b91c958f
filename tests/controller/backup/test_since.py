"""What people did after the backup: said by a log from elsewhere, and kept until it is settled."""

import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import transaction

from controller import keyfiles
from controller.backup import restored, since
from controller.backup.errors import BackupError
from controller.data import datafolder
from controller.evidence.export import export
from inventory.ledger import services as ledger
from inventory.places.services import create_site
from tests.controller.commands.served import caretaker, environment

NOW = 1_795_400_000
GONE, KEPT, PERSON = "dev_GONE", "dev_KEPT", "user_01JD9Z3K4M5N6P7Q8R9S0T1V2W"


class LostError(Exception):
    """The disk dies: the database is as it was at the backup."""


class Elsewhere:
    """A school, its log, and an export of it that lies elsewhere."""

    def __init__(self, base: Path) -> None:
        self.data, self.path = base / "data", base / "export.zip"
        datafolder.prepare(self.data)
        keyfiles.make_keys(self.data)
        self.site = create_site(name="Hill School", at=NOW)

    def said(self, verb: str, subject: str, actor: str = PERSON) -> None:
        with transaction.atomic():
            ledger.append(site_id=self.site, at=NOW, actor=actor, verb=verb, subject=subject)

    def export(self, path: Path | None = None) -> None:
        export(self.site, path or self.path, actor="system", at=NOW, data=self.data)

    def lose(self, act: Callable[[], None]) -> None:
        """What happens after the backup is gone."""

        def then() -> None:
            with transaction.atomic():
                act()
                raise LostError

        with pytest.raises(LostError):
            then()


@pytest.fixture
def elsewhere(db: None, tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path)


def test_an_export_from_after_the_backup_says_what_people_decided(elsewhere: Elsewhere) -> None:
    def decide() -> None:
        elsewhere.said("device.revoke", GONE)
        elsewhere.said("device.enrol", KEPT, KEPT)
        elsewhere.said("device.approve", KEPT)
        elsewhere.said("person.erase", "user_2", "system")
        elsewhere.export()

    elsewhere.said("device.revoke", "dev_BEFORE")
    elsewhere.lose(decide)
    found = since.read(elsewhere.path, elsewhere.data)
    assert found.withdrawn == [GONE]
    said = [line.split(" ")[1:] for line in found.decided]
    assert said == [
        ["device.revoke", GONE, PERSON],
        ["device.approve", KEPT, PERSON],
        ["person.erase", "user_2", "system"],
    ]


def test_one_from_before_the_backup_says_nothing(elsewhere: Elsewhere) -> None:
    elsewhere.export()
    elsewhere.said("device.revoke", GONE)
    with pytest.raises(BackupError, match="does not go on"):
        since.read(elsewhere.path, elsewhere.data)


def test_a_log_with_another_past_is_not_believed(elsewhere: Elsewhere) -> None:
    def another() -> None:
        elsewhere.said("device.revoke", "dev_OTHER")
        elsewhere.said("device.revoke", GONE)
        elsewhere.export()

    elsewhere.lose(another)
    elsewhere.said("device.approve", KEPT)
    with pytest.raises(BackupError, match="does not go on"):
        since.read(elsewhere.path, elsewhere.data)


def test_one_of_another_controller_is_refused(elsewhere: Elsewhere, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Elsewhere(tmp_path / "other")
    other.export()
    with pytest.raises(BackupError, match="another controller"):
        since.read(other.path, elsewhere.data)


def test_one_that_was_changed_is_refused(elsewhere: Elsewhere, tmp_path: Path) -> None:
    def decide() -> None:
        elsewhere.said("device.revoke", GONE)
        elsewhere.export()

    elsewhere.lose(decide)
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(elsewhere.path) as old, zipfile.ZipFile(changed, "x") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(GONE.encode(), KEPT.encode()))
    with pytest.raises(BackupError, match="cannot be believed"):
        since.read(changed, elsewhere.data)
    (tmp_path / "text").write_text("no export")
    with pytest.raises(BackupError, match="cannot be used"):
        since.read(tmp_path / "text", elsewhere.data)


_AFTER = f"""
import sys
from pathlib import Path
from controller.config import load, use
data, out = Path(sys.argv[1]), Path(sys.argv[2])
use(load({{"data": str(data)}}))
from controller.commands.shared import django
django()
from controller.backup.taking import take
from controller.evidence.export import export
from controller.fleet import services
from controller.fleet.models import Device
from inventory.models import Site
site = Site.objects.get().id
for name in ("{GONE}", "{KEPT}"):
    Device.objects.create(id=name, site_id=site, state="active", public_key=b"", key_id=name,
                          words="", enrolled_at=1)
take(data, out / "backup", {NOW})
services.revoke("{GONE}", actor="{PERSON}", at={NOW} + 60, reason="Stolen")
export(site, out / "export.zip", actor="system", at={NOW} + 120, data=data)
"""


def test_a_restore_withdraws_again_and_says_what_to_do_until_it_is_done(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "keys" / "recovery.x25519.pub").unlink()
    words = [sys.executable, "-P", "-c", _AFTER, str(folder), str(tmp_path)]
    subprocess.run(words, check=True, env=environment(), timeout=60)
    new = tmp_path / "new"
    brought = ("--evidence", str(tmp_path / "export.zip"))
    done = caretaker("restore", str(tmp_path / "backup"), *brought, data=new)
    assert done.returncode == 0, done.stderr
    assert f"device.revoke {GONE} {PERSON}" in done.stdout
    assert "people who were erased" in done.stdout
    found = restored.load(new)
    assert found is not None
    assert (found.made_at, found.withdrawn, found.settled_at) == (NOW, [GONE], 0)
    said = caretaker("doctor", data=new)
    assert "LOOK restored backup" in said.stdout
    assert f"device.revoke {GONE}" in said.stdout
    said = caretaker("doctor", "--restore-is-settled", data=new)
    assert "restored backup" not in said.stdout
    assert "Noted: what people did since the backup is done again." in said.stderr
    again = caretaker("doctor", "--restore-is-settled", "--clock-is-right", data=new)
    assert "Noted: no restore is waiting for that." in again.stderr
    assert "Noted: this machine's time is right." in again.stderr
    with closing(sqlite3.connect(new / "db" / "caretaker.sqlite3")) as database:
        states = database.execute("SELECT id, state FROM fleet_device ORDER BY id").fetchall()
        verbs = [row[0] for row in database.execute("SELECT verb FROM inventory_event")]
    assert states == [(GONE, "revoked"), (KEPT, "active")]
    assert verbs[-3:] == ["controller.restore", "device.revoke", "controller.restore_settled"]
