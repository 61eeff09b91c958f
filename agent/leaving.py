"""Takes this computer's identity away for good: what is left of it, and its removal (S15).

Nothing here can be undone, so it comes only after asking. It may be stopped anywhere and begun
again: the key goes first, because without it everything else is paper.
"""

import contextlib
import os
import shutil
from pathlib import Path
from typing import Final

from agent import files, spool
from agent.state import FOLDERS, State, StateError

JOIN_CODE: Final = "join-code.txt"
"""Beside `agent/` in the data folder: with it, copies of a sealed computer enrol by themselves."""
_TURN: Final = "turn.lock"
"""Held while things are wiped; empty, and made again by whoever comes next."""


def undelivered(state: State, now: int) -> int:
    """Reports that nobody has confirmed, after acting on the answers that lie there already.

    Raises StateError for a folder of somebody else's.
    """
    if not _is_ours(state.root):
        return 0
    from agent.collect import answers

    with contextlib.suppress(
        StateError
    ):  # not enrolled, or damaged: then all that lies there counts
        answers.act(state, now)
    return len(spool.entries(state.spool)) + len(spool.entries(state.dead))


def wipe(state: State) -> int:
    """Delete keys, identity, chain and every report, here and put aside; return how many entries.

    The empty folders stay, with their owners and modes, so that the sender can still enter them.
    """
    if not _is_ours(state.root):
        return 0
    doomed = [
        path
        for folder in (state.key, *(state.root / name for name in FOLDERS), state.root)
        if folder.is_dir() and not folder.is_symlink()
        for path in sorted(folder.iterdir())
        if not (folder == state.root and path.name in FOLDERS) and path.name != _TURN
    ]
    gone = 0
    for path in doomed:
        gone += _delete(path)
    return gone


def joining(state: State) -> tuple[str, str] | None:
    """The controller's address and the join code that copies are to use; None without the file.

    Raises StateError for a file that says something else, or that others may read.
    """
    path = state.root.parent / JOIN_CODE
    data = files.read_or_none(path, 4096)
    if data is None:
        return None
    if path.stat().st_mode & 0o077:
        raise StateError(f"{path} can be read by other users; run: chmod 600 {path}")
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
    if len(lines) != 2 or not lines[0].startswith("https://"):
        raise StateError(
            f"{path} must hold two lines: the controller's address (https://…), then a join code."
        )
    return lines[0], lines[1]


def remove(state: State) -> list[Path]:
    """Wipe, then remove the folders themselves; return what else lies in the data folder."""
    wipe(state)
    if _is_ours(state.root):
        shutil.rmtree(state.root)
    data = state.root.parent
    (data / JOIN_CODE).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not empty: a controller's, or somebody's own
        data.rmdir()
    return sorted(data.iterdir()) if data.is_dir() else []


def _delete(path: Path) -> int:
    """Delete one file or folder, following nothing; 0 if it is gone already."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return 0
    return 1


def _is_ours(folder: Path) -> bool:
    """Whether there is a state folder. Raises StateError for one of somebody else's."""
    if not folder.is_dir():
        return False
    if folder.is_symlink() or (hasattr(os, "geteuid") and folder.lstat().st_uid != os.geteuid()):
        raise StateError(f"{folder} belongs to another user; run this as that user.")
    return True
