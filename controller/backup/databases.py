"""The database in a backup: copied while the controller goes on working, brought back into an
empty place.

SQLite by its own online backup, in one read transaction: writers are not held up (WAL), and the
copy is one moment. PostgreSQL by its own `pg_dump` and `pg_restore`, which must be installed.

Who is signed in just now is left out: a session's row is all that a browser has to show, so whoever
found a backup of last night would be that person until the evening.
"""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from controller.backup import disk, manifest
from controller.backup.errors import BackupError
from controller.backup.steps import step
from controller.db import soundness

DUMP_SECONDS: Final = 6 * 3_600
SESSIONS: Final = "django_session"


def size(settings: Mapping[str, Any]) -> int:
    """About how many bytes a copy takes; 0 when only the server knows."""
    if _is_postgres(settings):
        return 0
    path = Path(settings["NAME"])
    return path.stat().st_size if path.exists() else 0


def save(settings: Mapping[str, Any], folder: Path) -> str:
    """Copy the database of a DATABASES entry into a folder; says which kind. Raises
    BackupError."""
    if _is_postgres(settings):
        target = folder / manifest.POSTGRES
        options = ["--format=custom", "--no-owner", "--no-privileges"]
        _run("pg_dump", [*options, f"--exclude-table-data={SESSIONS}"], settings, target)
        target.chmod(0o600)
        disk.sync(target)
        return "postgresql"
    target = folder / manifest.SQLITE
    try:
        with _sqlite(Path(settings["NAME"])) as source, _sqlite(target) as copy:
            source.backup(copy)
            step("database half")
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            _forget_sessions(copy)
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be copied: {error}.") from error
    target.chmod(0o600)
    disk.sync(target)
    check(target)
    return "sqlite"


def _forget_sessions(copy: sqlite3.Connection) -> None:
    """Overwritten, because SQLite only strikes out what it deletes."""
    copy.execute("PRAGMA secure_delete=ON")
    if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [SESSIONS]).fetchone():
        copy.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608  a constant
        copy.commit()


def check(path: Path) -> None:
    """Raise BackupError when SQLite finds a fault in a copy."""
    try:
        # Not even a lock file beside it: a backup may lie on a medium that cannot be written.
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as copy:
            found = soundness.fault(copy.execute)
    except sqlite3.Error as error:
        found = str(error)
    if found:
        raise BackupError(f"The database in {path} is damaged ({found}). Take another backup.")


def bring_back(kind: str, source: Path, settings: Mapping[str, Any]) -> None:
    """Fill the empty database of a DATABASES entry from a backup. Raises BackupError."""
    if kind == "sqlite":
        if _is_postgres(settings):
            raise BackupError("This backup is of an SQLite database; leave --database away.")
        disk.copy(source / manifest.SQLITE, Path(settings["NAME"]))
        return
    if not _is_postgres(settings):
        raise BackupError(
            "This backup is of a PostgreSQL database; name an empty one with --database "
            "postgresql://user:password@host:5432/name."
        )
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", [*options, f"--dbname={settings['NAME']}"], settings, None, source)


def _run(
    program: str,
    options: list[str],
    settings: Mapping[str, Any],
    target: Path | None,
    source: Path | None = None,
) -> None:
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not on this machine; install PostgreSQL's client.")
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    # By the environment: everybody on the machine can read a program's arguments.
    login = {name: str(settings[key]) for key, name in names.items() if settings.get(key)}
    command = [found, *options]
    if target is not None:
        command += [f"--dbname={settings['NAME']}", f"--file={target}"]
    if source is not None:
        command.append(str(source / manifest.POSTGRES))
    try:
        done = subprocess.run(
            command, env=login, capture_output=True, text=True, timeout=DUMP_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BackupError(f"{program} did not end within six hours.") from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise BackupError(f"{program} could not do it: {said}")


def _is_postgres(settings: Mapping[str, Any]) -> bool:
    return str(settings["ENGINE"]).endswith("postgresql")


@contextmanager
def _sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=20)) as database:
        yield database
