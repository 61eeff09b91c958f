"""What a backup holds, where it may lie, and what is noticed when it is brought back."""

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from controller.backup import manifest, places, restoring, sealing
from controller.backup.errors import BackupError
from controller.db import soundness
from controller.roots.recovery import Recovery
from tests.controller.commands.served import caretaker

SEED = bytes(range(32))
SHEET = str(Recovery(SEED)).replace("-", "  ").lower()


SIGNED_IN = [f"{number:03d}whatabrowserhastoshow" for number in range(100)]


@pytest.fixture(scope="module")
def backup(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One backup with sealed keys, taken once; tests that spoil it copy it first."""
    base = tmp_path_factory.mktemp("backup")
    data = Path(shutil.copytree(template, base / "data"))
    public = sealing.private_half(SEED).public_key().public_bytes_raw()
    (data / "keys" / "recovery.x25519.pub").write_bytes(public)
    (data / "keys" / "recovery.x25519.pub").chmod(0o600)
    (data / "evidence" / "photo").write_bytes(b"evidence")
    paper = data / "documents" / "site_1" / "ab" / "abcd"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"invoice")
    (data / "incoming" / "half").write_bytes(b"half a photograph")
    (data / "caretaker.toml").write_text("port = 9443\n")
    with closing(sqlite3.connect(data / "db" / "caretaker.sqlite3")) as database:
        for name in SIGNED_IN:
            row = [name, "what it says", "2999-01-01"]
            database.execute("INSERT INTO django_session VALUES (?, ?, ?)", row)
        database.commit()
    done = caretaker("backup", str(base / "made"), data=data)
    assert done.returncode == 0, done.stderr
    return base / "made"


@pytest.fixture
def spoilt(backup: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(backup, tmp_path / "spoilt"))


def _sheet(tmp_path: Path) -> str:
    path = tmp_path / "sheet"
    path.write_text(SHEET)
    return str(path)


def test_it_is_its_owners_alone_and_holds_no_key_that_can_be_read(
    backup: Path, template: Path
) -> None:
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in backup.rglob("*"))
    everything = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    for key in (template / "keys").iterdir():
        assert key.read_bytes() not in everything, key.name
    assert (template / "tls" / "key.pem").read_bytes() not in everything
    assert b"port = 9443" not in everything


def test_who_finds_it_is_not_signed_in_as_whoever_was(backup: Path) -> None:
    with closing(sqlite3.connect(backup.parent / "data" / "db" / "caretaker.sqlite3")) as database:
        assert database.execute("SELECT COUNT(*) FROM django_session").fetchone() == (100,)
    assert b"whatabrowserhastoshow" not in (backup / manifest.SQLITE).read_bytes()


def test_it_comes_back_as_it_was_and_the_ledger_says_so(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    done = caretaker("restore", str(backup), "--recovery-key", _sheet(tmp_path), data=new)
    assert done.returncode == 0, done.stderr
    old = backup.parent / "data"
    for name in ("keys/signing", "keys/credentials", "keys/django", "tls/key.pem"):
        assert (new / name).read_bytes() == (old / name).read_bytes()
    assert (new / "evidence" / "photo").read_bytes() == b"evidence"
    paper = new / "documents" / "site_1" / "ab" / "abcd"
    assert (paper.read_bytes(), paper.parent.stat().st_mode & 0o777) == (b"invoice", 0o700)
    assert list((new / "incoming").iterdir()) == []
    assert (new / "caretaker.toml").read_text() == "port = 9443\n"
    with closing(sqlite3.connect(new / "db" / "caretaker.sqlite3")) as database:
        verbs = [row[0] for row in database.execute("SELECT verb FROM inventory_event")]
    assert verbs[-1] == "controller.restore"
    assert "backup.make" not in verbs, "what was written after the copy is not in it"
    said = caretaker("doctor", data=new)
    assert said.returncode == 0, said.stdout


def test_another_recovery_key_opens_nothing(backup: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "other"
    sheet.write_text(str(Recovery(bytes(32))))
    new = tmp_path / "new"
    done = caretaker("restore", str(backup), "--recovery-key", str(sheet), data=new)
    assert (done.returncode, "does not open" in done.stderr) == (1, True)
    assert not new.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"other"}


def test_a_backup_whose_log_is_not_what_its_checkpoint_signed_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "keys" / "recovery.x25519.pub").unlink()
    assert caretaker("evidence", "checkpoint", data=folder).returncode == 0
    with closing(sqlite3.connect(folder / "db" / "caretaker.sqlite3")) as database:
        database.execute("UPDATE inventory_line SET at = at - 86400 WHERE idx = 0")
        database.commit()
    assert caretaker("backup", str(tmp_path / "b"), data=folder).returncode == 0
    assert len(manifest.read(tmp_path / "b").checkpoints) == 1
    done = caretaker("restore", str(tmp_path / "b"), data=tmp_path / "new")
    assert (done.returncode, "somebody changed it" in done.stderr) == (1, True)
    assert not (tmp_path / "new").exists()
    assert caretaker("doctor", data=folder).returncode == 2


def test_only_the_newest_of_many_stay_and_nothing_else_is_touched(
    backup: Path, folder: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    (many / "holiday").mkdir()
    (many / "letter").write_text("x")
    for number in range(3):
        shutil.copytree(backup, many / f"old-{number}")
        path = many / f"old-{number}" / manifest.NAME
        document = json.loads(path.read_text()) | {"made_at": number}
        path.write_text(json.dumps(document))
    done = caretaker("backup", "--into", str(many), "--keep", "2", data=folder)
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in many.iterdir())
    assert names[1:] == ["holiday", "letter", "old-2"]
    restoring.check(many / names[0])
    for words in (["--keep", "2"], ["--into", "x", "--keep", "0"], ["b", "--into", "x"]):
        assert caretaker("backup", *words, data=folder).returncode == 64


def _flip(folder: Path) -> None:
    path = folder / manifest.SQLITE
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)


SPOILS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of the database": (_flip, "damaged or was changed"),
    "no list": (lambda f: (f / manifest.NAME).unlink(), "never finished"),
    "half a list": (lambda f: os.truncate(f / manifest.NAME, 300), "cannot be read"),
    "a file gone": (lambda f: (f / manifest.SEALED).unlink(), "is missing"),
    "a file more": (lambda f: (f / "more").write_text("x"), "not in the backup's list"),
    "a link": (lambda f: (f / "link").symlink_to("/etc/passwd"), "no plain file"),
}


@pytest.mark.parametrize("spoil", SPOILS, ids=[name.replace(" ", "-") for name in SPOILS])
def test_a_spoilt_backup_is_refused_before_anything_is_written(spoilt: Path, spoil: str) -> None:
    act, says = SPOILS[spoil]
    act(spoilt)
    with pytest.raises(BackupError, match=says):
        restoring.check(spoilt)


@pytest.mark.parametrize("what", ["database", "moment", "keys"])
def test_whoever_finds_a_backup_cannot_give_back_another(
    backup: Path, spoilt: Path, what: str
) -> None:
    """An administrator planted in the register, a longer time in which computers may come back by
    themselves, keys of another backup: each with a list that fits."""
    found = manifest.read(spoilt)
    made_at = found.made_at
    if what == "database":
        with closing(sqlite3.connect(spoilt / manifest.SQLITE)) as database:
            database.execute("UPDATE inventory_site SET name = 'Other'")
            database.commit()
    elif what == "moment":
        made_at -= 10**6
    else:
        public = sealing.private_half(SEED).public_key().public_bytes_raw()
        (spoilt / manifest.SEALED).write_bytes(sealing.seal({"keys/signing": b"x"}, public))
    (spoilt / manifest.NAME).unlink()
    files = manifest.entries(spoilt)
    manifest.write(spoilt, msgspec.structs.replace(found, made_at=made_at, files=files))
    private = sealing.private_half(SEED)
    assert restoring.open_keys(restoring.check(backup), private)
    with pytest.raises(BackupError, match="not what was sealed"):
        restoring.open_keys(restoring.check(spoilt), private)


def test_a_list_that_names_a_file_elsewhere_is_refused(spoilt: Path) -> None:
    path = spoilt / manifest.NAME
    document = json.loads(path.read_text())
    document["files"][0]["path"] = "../../etc/passwd"
    path.write_text(json.dumps(document))
    with pytest.raises(BackupError):
        restoring.check(spoilt)


def test_a_backup_of_a_newer_version_is_named_so(backup: Path) -> None:
    checked = restoring.check(backup)
    assert restoring.newer(checked, set(checked.manifest.migrations)) == []
    assert restoring.newer(checked, set()) == checked.manifest.migrations


def test_a_folder_with_something_in_it_is_never_restored_into(backup: Path, folder: Path) -> None:
    before = sorted(path for path in folder.rglob("*"))
    done = caretaker("restore", str(backup), "--recovery-key", "x", data=folder)
    assert (done.returncode, "is not empty" in done.stderr) == (1, True)
    assert sorted(folder.rglob("*")) == before


@pytest.fixture
def unsafe(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    """Targets no backup may be put in, and what is said."""
    data = tmp_path / "data"
    (data / "db").mkdir(parents=True)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "full")
    (tmp_path / "OneDrive - Hill School").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    return {
        "inside": (data / "db" / "b", "inside the data folder"),
        "full": (tmp_path / "full", "not empty"),
        "file": (tmp_path / "full" / "letter", "is a file"),
        "link": (tmp_path / "link", "is a link"),
        "absent": (tmp_path / "none" / "b", "drive connected"),
        "synced": (tmp_path / "OneDrive - Hill School" / "b", "copied elsewhere"),
        "open": (tmp_path / "open" / "b", "Everybody on this machine"),
    }


@pytest.mark.parametrize("which", ["inside", "full", "file", "link", "absent", "synced", "open"])
def test_an_unsafe_target_is_refused_with_a_reason(
    unsafe: dict[str, tuple[Path, str]], tmp_path: Path, which: str
) -> None:
    target, says = unsafe[which]
    with pytest.raises(BackupError, match=says):
        places.check_target(target, tmp_path / "data")


def test_a_full_drive_is_noticed_before_it_is_full(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="make room"):
        places.check_room(tmp_path / "b", 1 << 60)


def test_sealed_keys_open_with_their_key_and_no_byte_may_differ() -> None:
    private = X25519PrivateKey.generate()
    sealed = sealing.seal({"keys/a": b"\x00\xff"}, private.public_key().public_bytes_raw())
    assert sealing.open_sealed(sealed, private) == {"keys/a": b"\x00\xff"}
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(BackupError):
            sealing.open_sealed(changed, private)


def test_sqlites_false_alarms_are_told_from_true_ones(tmp_path: Path) -> None:
    path = tmp_path / "db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE keyed (n INT NOT NULL, site TEXT NOT NULL, PRIMARY KEY (site, n)) "
            "WITHOUT ROWID;"
            "CREATE TABLE plain (n INTEGER PRIMARY KEY, words TEXT);"
        )
        database.executemany("INSERT INTO keyed VALUES (?, 'a')", [(n,) for n in range(500)])
        database.executemany("INSERT INTO plain VALUES (?, ?)", [(n, "x" * 90) for n in range(900)])
        database.commit()
        assert soundness.fault(database.execute) == ""
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'plain'"
        ).fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size + 3)
        file.write(b"\xff\xff")
    with closing(sqlite3.connect(path)) as database:
        try:
            found = soundness.fault(database.execute)
        except sqlite3.DatabaseError as error:
            found = str(error)
        assert found
