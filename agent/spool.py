"""Reports that wait, on disk: one folder each, complete or absent, in the order of the chain.

    0000000417/envelope.json      the signed report
    0000000417/content.json       the findings its digest names, canonical bytes
    0000000417/<hex>.gz           one section body each, named by the SHA-256 of the plain bytes
    0000000417/receipt.json       put there by the sender; believed only once `collect` has verified
    it 0000000417/problem.json       the same for a refusal

A folder is built under a dotted name and renamed, so `kill -9` at any point leaves it whole or
invisible. Over the limits the oldest section bodies go first; a link of the chain never does.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from agent import files
from wire import dsse, limits, packing

MAX_REPORTS: Final = 400
MAX_BYTES: Final = 20 * 1024 * 1024
AGAIN: Final = "again-"
"""Before the name of a report in `kept/` that is to be signed again."""
_NAME: Final = re.compile(r"\A[0-9]{10}\Z")
_SECTION: Final = re.compile(r"\A[0-9a-f]{64}\.gz\Z")


class SpoolFullError(Exception):
    """As many reports wait as may wait; deliver some before making another."""


class Entry:
    """One report's folder."""

    def __init__(self, path: Path) -> None:
        """`path` ends in the report's number."""
        self.path: Final = path
        self.seq: Final = int(path.name[-10:])

    def envelope(self) -> bytes:
        """The signed bytes, exactly as they travel.

        Raises FileNotFoundError, also for what cannot be an envelope of ours.
        """
        data = files.read_or_none(self.path / "envelope.json", limits.ENVELOPE)
        if data is None:
            raise FileNotFoundError(self.path / "envelope.json")
        return data

    def digest(self) -> str:
        """The envelope's digest, which receipts name."""
        return dsse.digest(self.envelope())

    def body(self, digest: str) -> bytes | None:
        """Gzip bytes of what `digest` names: a section body, or the content; None if dropped."""
        name = digest.removeprefix("sha256:")
        packed = files.read_or_none(self.path / f"{name}.gz", limits.BODY_COMPRESSED)
        if packed is not None:
            return packed
        content = files.read_or_none(self.path / "content.json", limits.BODY_INFLATED)
        if content is not None and dsse.digest(content) == digest:
            return packing.gzip_bytes(content)
        return None

    def answer(self, kind: str) -> bytes | None:
        """The sender's `receipt` or `problem`, unverified; None if there is none."""
        return files.read_or_none(self.path / f"{kind}.json", limits.ENVELOPE)

    def put_answer(self, kind: str, data: bytes) -> None:
        """Lay the controller's signed answer beside the report."""
        files.replace(self.path / f"{kind}.json", data)

    def clear_answer(self, kind: str) -> None:
        """Forget an answer that has been acted on or was not genuine."""
        (self.path / f"{kind}.json").unlink(missing_ok=True)

    def sections(self) -> list[Path]:
        """The files of its section bodies."""
        return sorted(path for path in self.path.iterdir() if _SECTION.match(path.name))

    def size(self) -> int:
        """Bytes of all its files."""
        return sum(path.stat().st_size for path in self.path.iterdir())


def entries(folder: Path) -> list[Entry]:
    """Complete entries in the order of their numbers; a link in place of one is none."""
    if not folder.is_dir():
        return []
    named = sorted(path for path in folder.iterdir() if _NAME.match(path.name))
    return [Entry(path) for path in named if path.is_dir() and not path.is_symlink()]


def add(
    folder: Path,
    seq: int,
    envelope: bytes,
    content: bytes,
    bodies: Mapping[str, bytes],
    *,
    workshop: Path | None = None,
) -> Entry:
    """Store a report; it is there when this returns. `bodies`: digest → plain bytes.

    It is built in `workshop` (on the same disk; `folder` itself if None), where the sender cannot
    reach. Raises OSError (a full disk among them), and then nothing of it is left behind.
    """
    building = (workshop or folder) / f".new-{seq:010d}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        files.make_folder(building)
        files.step("spool:folder")
        files.write_new(building / "envelope.json", envelope)
        files.step("spool:envelope")
        files.write_new(building / "content.json", content)
        for digest, body in bodies.items():
            name = f"{digest.removeprefix('sha256:')}.gz"
            files.write_new(building / name, packing.gzip_bytes(body))
            files.step("spool:section")
        files.share_like(building, folder)
        files.sync_folder(building)
        files.step("spool:synced")
        files.move(building, folder / f"{seq:010d}")
    except OSError:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return Entry(folder / f"{seq:010d}")


def tidy(folder: Path) -> None:
    """Remove what a crash left half done."""
    for path in folder.iterdir():
        if path.name.startswith((".new-", ".gone-")):
            shutil.rmtree(path, ignore_errors=True)


def limit(folder: Path, max_reports: int = MAX_REPORTS, max_bytes: int = MAX_BYTES) -> int:
    """Make room for one more report; return how many section bodies were dropped.

    Raises SpoolFullError when `max_reports` links wait: a link is never dropped, so no new one is
    made.
    """
    waiting = entries(folder)
    if len(waiting) >= max_reports:
        raise SpoolFullError(f"{len(waiting)} reports wait to be delivered; no more are made.")
    return sum(1 for _ in _dropped(waiting, max_bytes))


def _dropped(waiting: list[Entry], max_bytes: int) -> Iterator[Path]:
    size = sum(entry.size() for entry in waiting)
    for entry in waiting:
        for body in entry.sections():
            if size <= max_bytes:
                return
            size -= body.stat().st_size
            body.unlink()
            yield body


def prune(folder: Path, now: int, max_age_seconds: int, max_bytes: int = MAX_BYTES) -> None:
    """Forget kept reports that are older or, oldest first, more than may be kept (O5)."""
    kept = entries(folder)
    size = sum(entry.size() for entry in kept)
    for entry in kept:
        age = now - int(entry.path.stat().st_mtime)
        if age <= max_age_seconds and size <= max_bytes:
            return
        size -= entry.size()
        files.remove_folder(entry.path)
