"""The data folder: its layout, its modes and the secrets that are made on first use (O23).

Nothing here knows Django, so it can run before Django's settings are read.
"""

import os
import secrets
from pathlib import Path
from typing import Final

FOLDERS: Final = ("db", "evidence", "keys", "tls", "backups")
PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600


def prepare(data: Path) -> None:
    """Make the layout and the web secret where missing; existing files are left alone."""
    for folder in (data, *(data / name for name in FOLDERS)):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if not secret_path(data).exists():
        write_private(secret_path(data), secrets.token_urlsafe(64).encode())


def secret_path(data: Path) -> Path:
    """Where the secret lies that signs sessions and form tokens."""
    return data / "keys" / "django"


def database_path(data: Path) -> Path:
    """The SQLite file."""
    return data / "db" / "caretaker.sqlite3"


def web_secret(data: Path) -> str:
    """The web secret, or a throw-away one when there is none yet.

    A throw-away secret only ever ends sessions early; `prepare` runs before anything is served.
    """
    try:
        return secret_path(data).read_text("ascii")
    except OSError:
        return secrets.token_urlsafe(64)


def write_private(path: Path, content: bytes) -> None:
    """Write a new file readable by its owner only; raises FileExistsError rather than replace one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
