"""Where a backup must not be put (O25): where it would be lost with the data, mixed with other
files, or read by others.
"""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from controller.backup.errors import BackupError
from controller.data.places import synced

SPARE_BYTES: Final = 64 * 1024 * 1024
"""What must still be free after a backup was written."""


def check_target(target: Path, data: Path) -> None:
    """Raise BackupError for a folder no backup should be put in."""
    if target.is_symlink():
        raise BackupError(f"{target} is a link; name the folder itself.")
    if target.exists() and not target.is_dir():
        raise BackupError(f"{target} is a file; name a folder that does not exist yet.")
    if target.is_dir() and any(target.iterdir()):
        raise BackupError(f"{target} is not empty; every backup gets a folder of its own.")
    parent = target.parent
    if not parent.is_dir():
        raise BackupError(f"There is no folder {parent}; is the drive connected?")
    where = parent.resolve() / target.name
    if where.is_relative_to(data.resolve()) and where.parent != data.resolve() / "backups":
        raise BackupError(
            f"{target} lies inside the data folder; a backup belongs on another drive."
        )
    if part := synced(where):
        raise BackupError(
            f"{target} lies in {part}, which is copied elsewhere; "
            "a backup holds pupils' and staff's data."
        )
    _check_open(parent)


def _check_open(parent: Path) -> None:
    """Whoever may rename files in a folder may swap the backup for another."""
    found = parent.stat()
    if os.name == "posix" and found.st_mode & 0o002 and not found.st_mode & stat.S_ISVTX:
        raise BackupError(
            f"Everybody on this machine may write in {parent}; choose another folder, "
            f"or run `chmod o-w {parent}`."
        )


def check_room(target: Path, needed: int) -> None:
    """Raise BackupError when the drive has no room for `needed` bytes and some to spare."""
    free = shutil.disk_usage(target.parent).free
    if free < needed + SPARE_BYTES:
        raise BackupError(
            f"The backup takes {_megabytes(needed)} and {target.parent} has "
            f"{_megabytes(free)} free; make room or choose another drive."
        )


def check_new(new: Path) -> None:
    """Raise BackupError for a folder a backup must not be brought back into."""
    if new.is_symlink() or (new.exists() and not new.is_dir()):
        raise BackupError(f"{new} is no folder; name one that does not exist yet.")
    if new.is_dir() and any(new.iterdir()):
        raise BackupError(
            f"{new} is not empty; a backup is brought back into a new folder, "
            "so that nothing is overwritten. Choose another with --data."
        )
    if not new.parent.is_dir():
        raise BackupError(f"There is no folder {new.parent}; make it first.")


def same_drive(one: Path, other: Path) -> bool:
    """Whether two folders would be lost together."""
    return one.stat().st_dev == other.stat().st_dev


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
