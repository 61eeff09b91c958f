"""Runs backup, restore and migration again and again, each time killed at another step.

Run as `python -m tests.controller.backup.crash FOLDER VERB`; prints which steps there were. Each
run is a fork of this process, which has loaded Django but not set it up.
"""

import contextlib
import io
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from controller.backup import databases, restoring, steps  # noqa: F401  as above
from controller.commands import main as command


def run(words: Sequence[str], die_at: int) -> list[str]:
    """One command in a process of its own that dies at its `die_at`-th step (-1: never)."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(words, die_at, write)
    os.close(write)
    with os.fdopen(read) as said:
        names = said.read().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if killed != (die_at >= 0) or (not killed and os.waitstatus_to_exitcode(status) != 0):
        raise SystemExit(f"{words} at {die_at} ended with {status}")
    return names


def _child(words: Sequence[str], die_at: int, write: int) -> None:
    seen = 0

    def hook(name: str) -> None:
        nonlocal seen
        os.write(write, f"{name}\n".encode())
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    steps.watch(hook)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = command.main(list(words))
    os._exit(code)


def main(base: Path, verb: str) -> None:
    """Every step of a verb; after each death the whole thing once more."""
    names = run(_words(base, verb, "whole"), -1)
    for at, name in enumerate(names):
        where = f"at-{at}"
        words = _words(base, verb, where)
        run(words, at)
        shutil.copytree(base / where, base / f"{where}-dead", symlinks=True)
        if not (base / where / "new").exists() or verb == "migrate":
            run(words, -1)
        print(where, name)


def _words(base: Path, verb: str, where: str) -> list[str]:
    room = base / where
    if verb == "migrate":
        shutil.copytree(base / "data", room)
        return ["migrate", "--data", str(room)]
    room.mkdir()
    if verb == "backup":
        return ["backup", str(room / "new"), "--data", str(base / "data")]
    return ["restore", str(base / "backup"), "--data", str(room / "new")]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
