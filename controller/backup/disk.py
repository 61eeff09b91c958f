"""Files and folders of a backup: written to the disk, not only to its cache, and made whole by one
rename.

A folder is filled under another name, beside where it shall be, and renamed last: whoever ends the
process in between leaves a folder whose name says that it is unfinished.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from controller.backup.steps import step
from controller.data.datafolder import PRIVATE_FILE, PRIVATE_FOLDER

_PIECE: Final = 1 << 20


def unfinished(target: Path) -> Path:
    """Where a folder is filled before it gets its name."""
    return target.parent / f".{target.name}.unfinished"


def begin(target: Path) -> Path:
    """An empty folder to fill; what a killed process left there goes."""
    partial = unfinished(target)
    if partial.is_symlink():
        partial.unlink()
    elif partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(mode=PRIVATE_FOLDER)
    step("begun")
    return partial


def finish(partial: Path, target: Path) -> None:
    """Give a filled folder its name; `target` is missing or an empty folder."""
    for folder, _, _ in os.walk(partial):
        sync(Path(folder))
    step("filled")
    partial.replace(target)
    step("named")
    sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file or a folder's list of names is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some file systems of sticks know no sync of a folder
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """A new file for its owner only, on the disk when this returns."""
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, content: bytes) -> None:
    """Write a file anew: a reader sees the old content or the new, whole."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    write(new, content)
    new.replace(path)
    sync(path.parent)


def copy(source: Path, target: Path) -> None:
    """Copy one file piece by piece."""
    target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with source.open("rb") as read, os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(read, file, _PIECE)
        file.flush()
        os.fsync(file.fileno())


def digest(path: Path) -> str:
    """`sha256:` and hex over a file."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
