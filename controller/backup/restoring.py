"""Bring a backup back: everything is looked at before anything is written, and the new data folder
appears whole or not at all.

Afterwards the controller is older than the computers that report to it. Their next reports are
answered with the head it knows (`gap`), and they hand back what they kept (O5).
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from controller.backup import databases, disk, manifest, sealing
from controller.backup.errors import BackupError
from controller.backup.steps import step
from controller.data import datafolder


class Checked(msgspec.Struct, frozen=True):
    """A backup that was read through and found whole."""

    folder: Path
    manifest: manifest.Manifest
    digest: str


def check(folder: Path) -> Checked:
    """Read a whole backup: every digest, and the database by SQLite's own check. Raises
    BackupError."""
    folder = folder.absolute()
    found = manifest.read(folder)
    manifest.check(folder, found)
    wanted = manifest.SQLITE if found.database == "sqlite" else manifest.POSTGRES
    if wanted not in {entry.path for entry in found.files}:
        raise BackupError(f"There is no database in {folder}. Take another backup.")
    if found.database == "sqlite":
        databases.check(folder / manifest.SQLITE)
    return Checked(folder, found, disk.digest(folder / manifest.NAME))


def open_keys(checked: Checked, private: X25519PrivateKey | None) -> sealing.Files:
    """The keys and settings of a backup. Raises BackupError for a wrong or missing recovery key."""
    if not checked.manifest.sealed_to:
        files = sealing.unpack((checked.folder / manifest.PLAIN).read_bytes())
    elif private is None:
        raise BackupError("The keys of this backup open with the recovery key only.")
    else:
        files = sealing.open_sealed((checked.folder / manifest.SEALED).read_bytes(), private)
        manifest.check_sealed(files.pop(manifest.SEALED_LIST, None), checked.manifest)
    for name in files:
        where = PurePosixPath(name)
        if where.is_absolute() or ".." in where.parts:
            raise BackupError(f"The backup names a file outside the data folder: {name[:80]}.")
    return files


def newer(checked: Checked, known: set[str]) -> list[str]:
    """Migrations the backup has and this version does not know."""
    return sorted(set(checked.manifest.migrations) - known)


def fill(checked: Checked, keys: sealing.Files, new: Path) -> Path:
    """Everything but the database, in the unfinished folder beside `new`; returns that folder."""
    partial = disk.begin(new)
    for folder in datafolder.FOLDERS:
        (partial / folder).mkdir(mode=datafolder.PRIVATE_FOLDER)
    for name, content in keys.items():
        disk.write(partial / name, content)
    for entry in checked.manifest.files:
        if entry.path.startswith("files/"):
            disk.copy(checked.folder / entry.path, partial / entry.path.removeprefix("files/"))
    step("files back")
    return partial


def fill_database(checked: Checked, settings: Mapping[str, Any]) -> None:
    """The database; `settings` is a DATABASES entry of an empty one."""
    databases.bring_back(checked.manifest.database, checked.folder, settings)
    step("database back")
