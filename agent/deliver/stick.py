"""Carries reports out on a stick, and the controller's answers back (S16).

Nothing leaves the spool by being copied; only a signed receipt empties it, as over the network.

Traps: this runs as root in a folder that anybody may have prepared. Each folder on the way is
opened by its descriptor and must be no link, each file is made new and renamed, so nothing is
written but what stands here (O17). FAT knows no owners or modes: none are set.
"""

import os
from pathlib import Path
from typing import Final, Self

import msgspec

from agent import files, spool
from agent.deliver.answers import Answer, DeliveryError, genuine
from agent.deliver.upload import for_collect
from agent.state import Identity, State
from wire import dsse, limits, problem, stick
from wire.errors import WireError
from wire.packing import gzip_bytes
from wire.receipt import Receipt

_CAREFULLY: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _CAREFULLY


class StickError(Exception):
    """The stick cannot be used; the sentence says why and what to do."""


class Carried(msgspec.Struct):
    """What was copied: reports and bytes, and how many reports the disk did not keep whole."""

    reports: int = 0
    size: int = 0
    damaged: int = 0


class Brought(msgspec.Struct):
    """Answers laid beside their reports; not found; not genuine; asking for more than was there."""

    answers: int = 0
    missing: int = 0
    foreign: int = 0
    incomplete: int = 0


def export(state: State, identity: Identity, target: Path) -> Carried:
    """Copy every waiting report to `target`. Raises StickError and OSError (a full stick)."""
    if os.open not in os.supports_dir_fd:
        raise StickError("Reports cannot be copied safely on this system yet.")
    done = Carried()
    waiting = spool.entries(state.spool)
    if not waiting:
        return done
    with (
        _Folder(target) as root,
        root.enter(stick.FOLDER) as top,
        top.enter(identity.device) as ours,
    ):
        for entry in waiting:
            _copy(entry, ours, done)
    return done


def _copy(entry: spool.Entry, ours: "_Folder", done: Carried) -> None:
    try:
        parts = _parts(entry)
    except (FileNotFoundError, WireError):
        done.damaged += 1
        return
    with ours.enter(stick.report_name(entry.seq)) as folder:
        for name, data in parts:
            folder.write(name, data)
            done.size += len(data)
    done.reports += 1


def _parts(entry: spool.Entry) -> list[tuple[str, bytes]]:
    """The files of one report, the envelope last: without it a folder is no report yet."""
    envelope = entry.envelope()
    dsse.parse(envelope)
    parts: list[tuple[str, bytes]] = []
    for path in entry.sections():
        data = files.read_or_none(path, limits.BODY_COMPRESSED)
        if data is not None:
            parts.append((path.name, data))
    content = files.read_or_none(entry.path / "content.json", limits.BODY_INFLATED)
    if content is not None:
        parts.append((stick.body_name(dsse.digest(content)), gzip_bytes(content)))
    return [*parts, (stick.ENVELOPE, envelope)]


def bring_back(state: State, identity: Identity, source: Path) -> Brought:
    """Lay each genuine answer on the stick beside its report, for `collect` to act on."""
    done = Brought()
    trusted = identity.trusted()
    for entry in spool.entries(state.spool):
        folder = source / stick.FOLDER / identity.device / stick.report_name(entry.seq)
        found = [_read(folder / name) for name in stick.ANSWERS]
        if not any(found):
            done.missing += 1
        for data in filter(None, found):
            said = _lay(entry, data, trusted, done)
            if said is not None and said.policy not in ("", identity.policy):
                _lay_policy(state, folder, said.policy)
    return done


def _lay_policy(state: State, folder: Path, named: str) -> None:
    """Lay the policy that a receipt names where one from the network would lie."""
    data = _read(folder / stick.POLICY)
    if data is not None and dsse.digest(data) == named:
        files.replace(state.spool / "policy.json", data)


def _lay(entry: spool.Entry, data: bytes, trusted: list[bytes], done: Brought) -> Receipt | None:
    """Lay one answer; give it, if it is a receipt that was laid."""
    try:
        answer, raw = genuine(Answer(0, "", data, "the stick"), trusted, entry.digest())
    except (DeliveryError, FileNotFoundError):
        done.foreign += 1
        return None
    if isinstance(answer, problem.Problem):
        if for_collect(answer):
            entry.put_answer("problem", raw)
            done.answers += 1
    elif any(entry.body(digest) is not None for digest in answer.need):
        done.incomplete += 1
    else:
        entry.put_answer("receipt", raw)
        done.answers += 1
        return answer
    return None


def _read(path: Path) -> bytes | None:
    try:
        return files.read_or_none(path, limits.ENVELOPE)
    except (OSError, ValueError):
        return None


class _Folder:
    """A folder held by its descriptor, so that nobody can put a link in its place meanwhile."""

    def __init__(self, path: Path | str, inside: int | None = None) -> None:
        """Open it; the one a person named may be a link, one inside another may not."""
        flags = _FOLDER if inside is not None else _FOLDER & ~getattr(os, "O_NOFOLLOW", 0)
        self._opened = os.open(path, flags, dir_fd=inside)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Flush and close."""
        try:
            os.fsync(self._opened)
        finally:
            os.close(self._opened)

    def enter(self, name: str) -> "_Folder":
        """A folder in it, made if missing. Raises StickError for anything else of that name."""
        try:
            os.mkdir(name, 0o700, dir_fd=self._opened)
        except FileExistsError:
            pass
        try:
            return _Folder(name, self._opened)
        except OSError as error:
            raise StickError(
                f"There is something else in place of the folder {name}; use an empty stick."
            ) from error

    def write(self, name: str, data: bytes) -> None:
        """A file, whole or not at all; whatever had its name is replaced, never written to."""
        beside = f".{name}.new"
        try:
            os.unlink(beside, dir_fd=self._opened)
        except FileNotFoundError:
            pass
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CAREFULLY
        opened = os.open(beside, flags, 0o600, dir_fd=self._opened)
        with os.fdopen(opened, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, name, src_dir_fd=self._opened, dst_dir_fd=self._opened)
