"""The folder of papers: `<school>/<ab>/<sha256>`, each content once, for its owner only.

A file is written under another name, flushed, and renamed, before any row names it: a crash in
between leaves a file nobody names (`sweep` takes it away), never a row without its file.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from inventory.assets.errors import RegisterError

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
_UNFINISHED: Final = ".part"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SCHOOL: Final = re.compile(r"[A-Za-z0-9_]{1,32}")

Step = Callable[[str], None]
_step: Step = lambda _name: None  # noqa: E731  a test puts a crash here


class Store:
    """One folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not be there yet."""
        self.folder = folder

    def path(self, site_id: str, digest: str) -> Path:
        """Where a content lies. Raises ValueError for what is no school or no digest."""
        if not _SCHOOL.fullmatch(site_id) or not _DIGEST.fullmatch(digest):
            raise ValueError("no such content")
        return self.folder / site_id / digest[:2] / digest

    def put(self, site_id: str, data: bytes) -> str:
        """Keep a content; its SHA-256 in hex. On the disk when this returns."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(site_id, digest)
        if _holds(path, digest):
            path.touch()  # so that no sweep takes it away before a row names it
            return digest
        self._make(path.parent)
        new = path.with_name(f".{digest}.{secrets.token_hex(4)}{_UNFINISHED}")
        try:
            _write(new, data)
            _step("written")
            new.replace(path)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        _step("named")
        return digest

    def read(self, site_id: str, digest: str) -> bytes:
        """A content, whole. Raises RegisterError where the disk has not kept it."""
        try:
            data = self.path(site_id, digest).read_bytes()
        except OSError:
            data = b""
        if hashlib.sha256(data).hexdigest() != digest:
            raise RegisterError("damaged", "The file is missing or damaged: bring a backup back.")
        return data

    def sound(self, site_id: str, digest: str) -> bool:
        """Whether a content is there as it was kept."""
        return _holds(self.path(site_id, digest), digest)

    def remove(self, site_id: str, digest: str) -> None:
        """Delete a content for ever."""
        self.path(site_id, digest).unlink(missing_ok=True)

    def sweep(self, site_id: str, named: Collection[str], before: float) -> int:
        """Delete files older than `before` (epoch seconds) that no row names; how many."""
        gone = 0
        for path in self._files(site_id):
            if path.name not in named and path.stat().st_mtime < before:
                path.unlink()
                gone += 1
        return gone

    def _files(self, site_id: str) -> Iterator[Path]:
        for folder in sorted((self.folder / site_id).glob("??")):
            yield from (path for path in sorted(folder.iterdir()) if path.is_file())

    def _make(self, folder: Path) -> None:
        """Folders for their owner only, each on the disk before anything is put in it."""
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(mode=FOLDER_MODE, exist_ok=True)
            _sync(one.parent)


def store() -> Store:
    """The folder of this installation, named by the settings."""
    return Store(Path(settings.DOCUMENTS_FOLDER))


def _holds(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # some file systems know no sync of a folder
    finally:
        os.close(descriptor)
