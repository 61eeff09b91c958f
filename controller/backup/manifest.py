"""What a backup holds: `manifest.json`, written last, names every file with its digest.

A folder without one is no backup, whatever else lies in it.
"""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Final, Literal

import msgspec

from controller.backup import disk
from controller.backup.errors import BackupError

NAME: Final = "manifest.json"
SEALED: Final = "keys.sealed"
PLAIN: Final = "keys.plain"
SQLITE: Final = "database.sqlite3"
POSTGRES: Final = "database.pgdump"
SEALED_LIST: Final = "backup.list"
"""Among the sealed keys: what the backup held when it was made. The manifest is for finding damage,
and whoever finds a backup can write a new one over a changed database; this they cannot write."""
LARGEST: Final = 64 * 1024 * 1024


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file; `path` is relative, with slashes."""

    path: str
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole backup."""

    schema: Literal["caretaker.backup/1"] = "caretaker.backup/1"
    made_at: int
    version: str
    """Caretaker's own version."""
    database: Literal["sqlite", "postgresql"]
    migrations: list[str]
    """`app.name` of every migration the database had."""
    sealed_to: str
    """Digest of the recovery key's public half that opens the keys; "" when they lie open."""
    ledgers: dict[str, int]
    """School → number of its newest event."""
    checkpoints: dict[str, str]
    """School → the newest signed checkpoint of its evidence log, where there was one (O25)."""
    files: list[Entry]


def name_of(public: bytes) -> str:
    """How a list names the recovery key that opens the keys."""
    return f"sha256:{hashlib.sha256(public).hexdigest()}"


def entries(folder: Path) -> list[Entry]:
    """Every file of a folder that is being filled, but the manifest."""
    return [
        Entry(path.relative_to(folder).as_posix(), disk.digest(path), path.stat().st_size)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    ]


class SealedList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`files`: path → digest of everything but the keys."""

    made_at: int
    files: dict[str, str]


def sealed_list(folder: Path, made_at: int) -> bytes:
    """Of a folder that holds everything but the keys."""
    files = {entry.path: entry.sha256 for entry in entries(folder)}
    return msgspec.json.encode(SealedList(made_at, files))


def check_sealed(sealed: bytes | None, manifest: Manifest) -> None:
    """Hold the manifest against the list among the sealed keys. Raises BackupError."""
    files = {one.path: one.sha256 for one in manifest.files if one.path not in (SEALED, PLAIN)}
    try:
        found = msgspec.json.decode(sealed or b"", type=SealedList)
    except msgspec.DecodeError:
        found = None
    if found != SealedList(manifest.made_at, files):
        raise BackupError(
            "This backup is not what was sealed when it was made: somebody changed it, or put two "
            "together. Take another one, and ask who had it."
        )


def write(folder: Path, manifest: Manifest) -> str:
    """Write it; returns its digest."""
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    disk.write(folder / NAME, content)
    return disk.digest(folder / NAME)


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError."""
    path = folder / NAME
    try:
        if path.stat().st_size > LARGEST:
            raise BackupError(f"{path} is far too large to be a manifest.")
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise BackupError(
            f"{folder} holds no backup, or one that was never finished: there is no {NAME}."
        ) from None
    except msgspec.DecodeError as error:
        raise BackupError(
            f"{path} cannot be read ({error}); this version does not know such a backup, "
            "or it is damaged. Take another one."
        ) from None


def check(folder: Path, manifest: Manifest) -> None:
    """Every file is there, is what the manifest says, and there is no other. Raises BackupError."""
    named = {entry.path: entry for entry in manifest.files}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise BackupError(f"{path} is no plain file; a backup holds nothing else.")
        if path.is_file() and name != NAME and name not in named:
            raise BackupError(f"{path} is not in the backup's list; somebody put it there.")
    for name, entry in named.items():
        where = PurePosixPath(name)
        if where.is_absolute() or ".." in where.parts:
            raise BackupError(f"The backup's list names a file outside of it: {name[:80]}.")
        path = folder / name
        if not path.is_file():
            raise BackupError(f"{path} is missing; the backup is not whole. Take another one.")
        if path.stat().st_size != entry.size or disk.digest(path) != entry.sha256:
            raise BackupError(f"{path} is damaged or was changed. Take another backup.")
