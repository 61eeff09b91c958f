"""The data folder: its layout, its modes and the secrets that are made on first use (O23).

Nothing here knows Django, so it can run before Django's settings are read. A folder made for a
demonstration says so in a file that is never removed: invented computers must not end up among real
ones (O34).
"""

import os
import secrets
import stat
from pathlib import Path
from typing import Final

from controller.data import places

INCOMING: Final = "incoming"
"""Files on their way in, for as long as one request lasts."""
FOLDERS: Final = ("db", "evidence", "documents", "keys", "tls", "backups", INCOMING)
PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
DEMO_MARKER: Final = "demo"


class DataFolderError(Exception):
    """The data folder cannot be used as it is; the message says what to do."""


def prepare(data: Path, *, demo: bool = False) -> None:
    """Make the layout and the web secret where missing; existing files are left alone.

    Raises DataFolderError for `demo` in a folder made for real computers.
    """
    if why := places.unfit(data.absolute()):
        raise DataFolderError(f"{data} {why}; choose a folder on a disk of this machine.")
    new = not (data / "keys").exists()
    if demo and not new and not is_demo(data):
        raise DataFolderError(
            f"{data} was made for real computers; choose an empty folder for a demonstration."
        )
    for folder in (data, *(data / name for name in FOLDERS)):
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if demo and new:
        write_private(
            data / DEMO_MARKER, b"Invented computers. This folder stays a demonstration.\n"
        )
    if not secret_path(data).exists():
        write_private(secret_path(data), secrets.token_urlsafe(64).encode())


def is_demo(data: Path) -> bool:
    """Whether the folder was made for a demonstration."""
    return (data / DEMO_MARKER).exists()


def check(data: Path) -> None:
    """Raise DataFolderError when the folder is missing or others can read it."""
    if not (data / "keys").is_dir():
        raise DataFolderError(
            f"{data} is no Caretaker data folder. Name yours with --data or CARETAKER_DATA, or "
            f"make one: caretaker quickstart --data {data}"
        )
    if why := places.unfit(data.resolve()):
        raise DataFolderError(f"{data} {why}; move it to a disk of this machine.")
    for path in (data, data / "keys", *sorted((data / "keys").iterdir())):
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            raise DataFolderError(
                f"{path} can be read by other users of this machine; run `chmod {wanted} {path}`."
            )


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
    """Write a new file readable by its owner only; raises FileExistsError rather than replace
    one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
