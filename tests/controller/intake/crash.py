"""One process that stores a report and is killed at a step of it, or that tries it again.

Run as `python -m tests.controller.intake.crash FOLDER STEP first|again`.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from controller import clock
from controller.commands.shared import django
from controller.config import load, use

STEPS: Final = (
    "verified",
    "report written",
    "head moved",
    "manifest written",
    "line written",
    "log's head moved",
    "before commit",
    "after commit",
)
_STATEMENTS: Final = {
    "report written": "INSERT INTO fleet_report",
    "head moved": "UPDATE fleet_device SET head",
    "manifest written": "INSERT INTO fleet_manifest",
    "line written": "INSERT INTO inventory_line",
    "log's head moved": "UPDATE inventory_ledgerhead",
}


def main(data: Path, step: str, how: str) -> None:
    """Store, die, or store again."""
    use(load({"data": str(data)}))
    django()
    from tests.controller.intake.machine import NOW

    clock.use(lambda: NOW)
    if how == "first":
        _first(data, step)
    else:
        _again(data)


def _first(data: Path, step: str) -> None:
    from tests.controller.intake.conftest import InlineWriter, build

    controller = build(data, InlineWriter)
    envelope = controller.machine().report()
    (data / "envelope").write_bytes(envelope)
    _arm(step)
    controller.door.post(envelope)
    raise SystemExit("it should have died")


def _again(data: Path) -> None:
    from controller.intake.jobs import Job
    from controller.intake.room import IntakeRoom
    from tests.controller.intake.conftest import InlineWriter
    from wire import dsse

    envelope = (data / "envelope").read_bytes()
    job = Job("report", parsed=dsse.parse(envelope), digest=dsse.digest(envelope))
    (outcome,) = InlineWriter(IntakeRoom(data))._work([job])
    print(type(outcome).__name__, getattr(outcome, "status", ""))


def _arm(step: str) -> None:
    """Make the step the last thing this process does."""
    from django.db import connection, connections

    from controller.intake import reports

    backend: Any = type(connections["default"])
    connection.ensure_connection()
    if step == "verified":
        setattr(reports, "store", _die)  # noqa: B010  mypy would not let a name be another type
    elif step in _STATEMENTS:
        with connection.cursor() as cursor:
            cursors: Any = type(cursor.cursor)
        cursors.executemany = _watched(cursors.executemany, _STATEMENTS[step])
    elif step == "before commit":
        backend._commit = _die
    else:
        commit = backend._commit

        def committed(self: object) -> None:
            commit(self)
            _die()

        backend._commit = committed


def _watched(executemany: Callable[..., Any], statement: str) -> Callable[..., Any]:
    def watched(self: object, query: str, rows: object) -> Any:
        answer = executemany(self, query, rows)
        if query.startswith(statement):
            _die()
        return answer

    return watched


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
