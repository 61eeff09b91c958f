"""Runs backup, restore or migration again and again, each time killed at a later step.

Run as `python -m tests.controller.backup.crash FOLDER VERB`, on PostgreSQL with the folder of the
server's socket and of its programs behind it, and CARETAKER_DATABASE set. Prints for each step what
the database then held, one JSON line each, and leaves `dead-<number>`, what the disk looked like.
Each run is a fork of this process, which has set Django up and never asked a database.
"""

import argparse
import contextlib
import importlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import django.contrib.auth
import django.core.management
import django.db.migrations.executor
import django.db.models  # noqa: F401  loaded once, before the forks
import psycopg
from django.db.migrations.recorder import MigrationRecorder

from controller.backup import databases, disk, restoring, steps  # noqa: F401  as above
from controller.commands import main as command
from controller.commands import shared
from tests.services.postgres import Postgres

STEPS: Final = {
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
ON_SERVERS: Final = ("database half",)
"""Steps that there are with SQLite only: `pg_dump` copies a PostgreSQL database in one go."""
RESTORED: Final = "restored"
LEFT: Final = 3
"""Migrations that the old database lacks; a killed one of them stands for all."""
_LOOKS: Final = {
    "backup": "SELECT name FROM inventory_site",
    "restore": "SELECT verb FROM inventory_event WHERE verb = 'controller.restore'",
    "migrate": "SELECT app || '.' || name FROM django_migrations UNION "
    "SELECT name FROM inventory_site",
}


def run(words: Sequence[str], die_at: str = "") -> list[str]:
    """One command in a process of its own that dies at a step; the steps it came to."""
    return forked(lambda write: _command(words, die_at, write), kills=bool(die_at))


def forked(work: Callable[[int], None], *, kills: bool = False) -> list[str]:
    """What the work wrote to its pipe, line by line, in a process of its own."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        work(write)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        lines = said.read().split("\n")[:-1]
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != (-signal.SIGKILL if kills else 0):
        raise SystemExit(f"a run ended with {status} after {lines}")
    return lines


def _command(words: Sequence[str], die_at: str, write: int) -> None:
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


def _age(data: Path, write: int) -> None:
    """Make a database that lacks the last migrations, with one school, unless it is there; say
    which they are."""
    shared.settle(argparse.Namespace(data=str(data), log_format=None))
    shared.django()
    from django.db import connection

    from controller.db.whole_steps import WholeSteps

    executor = WholeSteps(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if len(plan) > LEFT:
        executor.migrate(None, plan=plan[:-LEFT])
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inventory_site (id, name, timezone, created_at) "
                "VALUES ('site_1', 'Hill', 'Europe/London', 1)"
            )
    connection.close()
    for step, _ in plan[-LEFT:]:
        os.write(write, f"migration {step.app_label}.{step.name}\n".encode())


def look(where: str, verb: str) -> list[str]:
    """What a database says: the address of a server's, or a file; nothing if there is none."""
    if where.startswith("postgresql://"):
        with psycopg.connect(where) as server, contextlib.suppress(psycopg.errors.UndefinedTable):
            return sorted(str(row[0]) for row in server.execute(_LOOKS[verb]))
        return []
    if not Path(where).exists():
        return []
    with contextlib.closing(sqlite3.connect(where)) as file:
        return sorted(str(row[0]) for row in file.execute(_LOOKS[verb]))


class Verb:
    """One verb's runs, in one place, one after the other."""

    def __init__(self, base: Path, verb: str, server: Postgres | None) -> None:
        """`base` holds `data`, or `backup`."""
        self.base, self.verb, self.server = base, verb, server
        self.room = base / "room"
        self.database = os.environ.get("CARETAKER_DATABASE", "")
        if server and verb == "restore":
            self.database = server.url(RESTORED)

    def steps(self) -> list[str]:
        """Where to die; makes what there has to be before."""
        if self.verb == "migrate":
            shutil.copytree(self.base / "data", self.room)
            return ["backed up", *forked(lambda write: _age(self.room, write))]
        self.room.mkdir()
        left_out = ON_SERVERS if self.server else ()
        return [step for step in STEPS[self.verb] if step not in left_out]

    def words(self) -> list[str]:
        """The command of the next run; a restore needs an empty database."""
        if self.verb == "migrate":
            return ["migrate", "--data", str(self.room)]
        new = str(self.room / "new")
        if self.verb == "backup":
            return ["backup", new, "--data", str(self.base / "data")]
        words = ["restore", str(self.base / "backup"), "--data", new]
        if self.server is None:
            return words
        return [*words, "--database", self.server.empty(RESTORED)]

    def where(self) -> str:
        """The database that the last run worked on."""
        data = {"backup": self.base / "data", "migrate": self.room, "restore": self.room / "new"}
        return self.database or str(data[self.verb] / "db" / "caretaker.sqlite3")


def _ready(verb: Verb) -> None:
    """Set Django up once for all runs, and load what they need; no database is asked here."""
    folders = {"backup": verb.base / "data", "migrate": verb.room}
    folder = folders.get(verb.verb, disk.unfinished(verb.room / "new"))
    database = {"database": verb.database} if verb.database else {}
    shared.settle(argparse.Namespace(data=str(folder), log_format=None), **database)
    shared.django()
    shared.known_migrations()
    for name in ("backup.taking", "backup.epoch", "backup.since", f"commands.{verb.verb}"):
        importlib.import_module(f"controller.{name}")


def main(base: Path, name: str, server: Postgres | None) -> None:
    """Die at each step, one after the other in the same place, and then do it whole. The verb
    `age` only makes the old database."""
    if name == "age":
        forked(lambda write: _age(base / "data", write))
        return
    verb = Verb(base, name, server)
    _ready(verb)
    wanted = verb.steps()
    for number, step in enumerate(wanted):
        run(verb.words(), step)
        shutil.copytree(verb.room, base / f"dead-{number}", symlinks=True)
        print(json.dumps([step, look(verb.where(), name)]))
        if (verb.room / "new").exists():
            shutil.rmtree(verb.room / "new")
    came = run(verb.words())
    if name != "migrate" and came != wanted:
        raise SystemExit(f"{name} has steps nobody died at: {came}")
    print(json.dumps(["", look(verb.where(), name)]))


if __name__ == "__main__":
    folders = [Path(word) for word in sys.argv[3:]]
    main(Path(sys.argv[1]), sys.argv[2], Postgres(*folders) if folders else None)
