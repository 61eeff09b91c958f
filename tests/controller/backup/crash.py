"""Runs backup, restore or migration again and again, each time killed at a later step.

Run as `python -m tests.controller.backup.crash FOLDER VERB`; prints which steps there were, and
leaves `dead-<number>`, what the disk looked like after each. Each run is a fork of this process,
which has loaded Django but not set it up.
"""

import contextlib
import io
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django.contrib.auth
import django.core.management
import django.db.migrations.executor
import django.db.models  # noqa: F401  loaded once, before the forks
from django.db.migrations.recorder import MigrationRecorder

from controller.backup import databases, restoring, steps  # noqa: F401  as above
from controller.commands import main as command

STEPS = {
    "backup": (
        "begun",
        "database half",
        "database copied",
        "files copied",
        "list written",
        "filled",
        "named",
    ),
    "restore": ("begun", "files back", "database back", "filled", "named"),
}
MIGRATION = ("backed up", "migration sessions.0001_initial")
"""One before the first and one in the last; those of the backup are looked at on their own."""


def run(words: Sequence[str], die_at: str = "") -> list[str]:
    """One command in a process of its own that dies at a step; the steps it came to."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(words, die_at, write)
    os.close(write)
    with os.fdopen(read) as said:
        names = said.read().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    wanted = -signal.SIGKILL if die_at else 0
    if os.waitstatus_to_exitcode(status) != wanted:
        raise SystemExit(f"{words}, to die at {die_at!r}, ended with {status}")
    return names


def _child(words: Sequence[str], die_at: str, write: int) -> None:
    def hook(name: str) -> None:
        os.write(write, f"{name}\n".encode())
        if name == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    steps.watch(hook)
    if words[0] == "migrate":
        _watch_migrations(hook)
    with contextlib.redirect_stdout(io.StringIO()):
        code = command.main(list(words))
    os._exit(code)


def _watch_migrations(hook: Callable[[str], None]) -> None:
    """The moment each migration is written down as done is a step."""
    recorder: Any = MigrationRecorder
    record = recorder.record_applied

    def watched(self: object, app: str, name: str) -> None:
        record(self, app, name)
        hook(f"migration {app}.{name}")

    recorder.record_applied = watched


def main(base: Path, verb: str) -> None:
    """Die at each step, one after the other in the same place, and then do it whole."""
    room = base / "room"
    words = _words(base, verb, room)
    wanted = list(MIGRATION if verb == "migrate" else STEPS[verb])
    for number, name in enumerate(wanted):
        run(words, name)
        shutil.copytree(room, base / f"dead-{number}", symlinks=True)
        if (room / "new").exists():
            shutil.rmtree(room / "new")
        print(name)
    came = run(words)
    if verb != "migrate" and came != wanted:
        raise SystemExit(f"{verb} has steps nobody died at: {came}")


def _words(base: Path, verb: str, room: Path) -> list[str]:
    if verb == "migrate":
        shutil.copytree(base / "data", room)
        return ["migrate", "--data", str(room)]
    room.mkdir()
    if verb == "backup":
        return ["backup", str(room / "new"), "--data", str(base / "data")]
    return ["restore", str(base / "backup"), "--data", str(room / "new")]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
