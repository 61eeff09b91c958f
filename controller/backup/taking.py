"""Take a backup: database, evidence, certificate, keys and settings, as one folder that is whole or
absent.

Order matters: the database first and the files it names afterwards, so that nothing named is
missing. This machine's own agent (`agent/`) is not in it: its key brought back elsewhere would be a
second computer under one identity.
"""

import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import msgspec
from django.db import connection, transaction

from controller.backup import databases, disk, manifest, notes, places, sealing
from controller.backup.epoch import checkpoints, ledgers
from controller.backup.errors import BackupError
from controller.backup.steps import step
from controller.data import folderlock
from inventory.ledger import services as ledger

LOCK: Final = "backup"
FILES: Final = ("evidence", "documents")
"""Folders whose files travel as they are."""
SINGLE: Final = ("demo", "tls/certificate.pem")
SECRET_FOLDERS: Final = ("keys",)
SECRET_FILES: Final = ("tls/key.pem", "caretaker.toml")
"""What lets somebody be the controller, or into its database."""


class Taken(msgspec.Struct, frozen=True):
    """One backup."""

    folder: Path
    manifest: str
    """Digest of its list."""
    sealed: bool
    size: int
    same_drive: bool


def take(data: Path, target: Path, at: int, *, current: bool = True) -> Taken:
    """Back up a data folder into `target`, which must not exist or be empty.

    The server may go on. `current` False: the database is of another version, so its ledger is left
    alone. Raises BackupError; then `target` is as it was.
    """
    target = target.absolute()
    places.check_target(target, data)
    needed = databases.size(connection.settings_dict) + sum(
        path.stat().st_size for path, _ in _plain(data)
    )
    places.check_room(target, needed)
    public = sealing.recipient(data)
    with folderlock.take(data, LOCK):
        partial = disk.begin(target)
        try:
            made = _fill(data, partial, public, at, ledgers() if current else {})
            digest = manifest.write(partial, made)
            step("list written")
            disk.finish(partial, target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        _note(data, digest, made, at)
    size = sum(entry.size for entry in made.files)
    return Taken(target, digest, bool(public), size, places.same_drive(target, data))


def prune(among: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups of a folder; what is no whole backup is left alone."""
    whole: list[tuple[int, Path]] = []
    for path in sorted(among.iterdir()):
        if path.is_symlink() or path.name.startswith("."):
            continue
        try:
            whole.append((manifest.read(path).made_at, path))
        except (BackupError, OSError):
            continue
    gone = [path for _, path in sorted(whole)[:-keep]]
    for path in gone:
        # Its list goes first: whatever dies in between leaves nothing that looks whole.
        (path / manifest.NAME).unlink()
        shutil.rmtree(path)
    return gone


def _fill(
    data: Path, partial: Path, public: bytes | None, at: int, heads: dict[str, int]
) -> manifest.Manifest:
    """Copy everything; what the list then says."""
    kind = databases.save(connection.settings_dict, partial)
    step("database copied")
    for source, name in _plain(data):
        disk.copy(source, partial / "files" / name)
    _secrets(data, partial, public, at)
    step("files copied")
    return manifest.Manifest(
        made_at=at,
        version=version("caretaker"),
        database="sqlite" if kind == "sqlite" else "postgresql",
        migrations=applied(),
        sealed_to=manifest.name_of(public) if public else "",
        ledgers=heads,
        checkpoints=checkpoints(heads),
        files=manifest.entries(partial),
    )


def applied() -> list[str]:
    """`app.name` of every migration the database has."""
    from django.db.migrations.recorder import MigrationRecorder

    done = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in done)


def _plain(data: Path) -> Iterator[tuple[Path, str]]:
    for folder in FILES:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path, path.relative_to(data).as_posix()
    for name in SINGLE:
        if (data / name).is_file():
            yield data / name, name


def _secrets(data: Path, partial: Path, public: bytes | None, at: int) -> None:
    paths = [path for name in SECRET_FOLDERS for path in sorted((data / name).rglob("*"))]
    paths += [data / name for name in SECRET_FILES]
    files = {
        path.relative_to(data).as_posix(): path.read_bytes() for path in paths if path.is_file()
    }
    if public is None:
        disk.write(partial / manifest.PLAIN, sealing.pack(files))
    else:
        files[manifest.SEALED_LIST] = manifest.sealed_list(partial, at)
        disk.write(partial / manifest.SEALED, sealing.seal(files, public))


def _note(data: Path, digest: str, made: manifest.Manifest, at: int) -> None:
    """In every school's ledger, and where the controller looks at itself."""
    with transaction.atomic():
        for site in made.ledgers:
            ledger.append(
                site_id=site,
                at=at,
                actor=ledger.SYSTEM,
                verb="backup.make",
                subject=site,
                after={"manifest": digest},
            )
    notes.taken(data, digest, at)
