"""Kills the writer at each step of each kind of work, and has it try again.

Run as `python -m tests.controller.intake.crash FOLDER`, with CARETAKER_DATABASE for PostgreSQL; the
database has one migration's worth of everything and no school. Prints one JSON line for each death.
Each life is a fork of this process, which has set Django up and never asked the database.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from controller import clock
from controller.commands.shared import django
from controller.config import load, use
from controller.intake.jobs import Kind

ALWAYS: Final = ("line written", "log's head moved", "before commit", "after commit")
KINDS: Final[dict[Kind, Sequence[str]]] = {
    "report": ("verified", "report written", "head moved", "manifest written", *ALWAYS),
    "enrol": ("computer written", "request written", *ALWAYS),
    "rekey": ("key written", *ALWAYS),
    "readmit": ("computer written", "request written", *ALWAYS),
}
_STATEMENTS: Final = {
    "report written": ("INSERT INTO fleet_report", "COPY fleet_report"),
    "head moved": ("UPDATE fleet_device SET head", "UPDATE fleet_device AS d SET head"),
    "manifest written": ("INSERT INTO fleet_manifest",),
    "computer written": ('INSERT INTO "fleet_device"',),
    "request written": ('INSERT INTO "fleet_enrolment"',),
    "key written": ('INSERT INTO "fleet_pastkey"',),
    "line written": ("INSERT INTO inventory_line", "COPY inventory_line"),
    "log's head moved": ("UPDATE inventory_ledgerhead",),
}
_EFFECTS: Final[dict[Kind, tuple[str, str]]] = {
    "report": ("SELECT COUNT(*) FROM fleet_report WHERE device_id = %s", "report {}"),
    "enrol": ("SELECT COUNT(*) FROM fleet_device WHERE key_id = %s", "device.enrol"),
    "rekey": ("SELECT COUNT(*) FROM fleet_pastkey WHERE device_id = %s", "device.rekey {}"),
    "readmit": ("SELECT COUNT(*) FROM fleet_device WHERE id = %s", "device.readmit {}"),
}
"""What is there once it is done, and what its line begins with."""


class Order(NamedTuple):
    """One request that will be killed; `about` is the computer, or the key of one that has no id
    yet."""

    kind: Kind
    step: str
    envelope: bytes
    about: str


def main(data: Path) -> None:
    """Prepare, then for each order: die, look, try again, look."""
    use(load({"data": str(data)}))
    django()
    import tests.controller.intake.conftest  # noqa: F401  loaded once, before the forks
    from tests.controller.intake.machine import NOW

    clock.use(lambda: NOW)
    _life(lambda: _prepare(data))
    for order in _orders(data):
        died = _life(lambda order=order: _die_at(data, order))  # type: ignore[misc]  # bound now
        if died != -signal.SIGKILL:
            raise SystemExit(f"{order.kind}: nobody came to {order.step!r} ({died})")
        if _life(lambda order=order: _again(data, order)):  # type: ignore[misc]  # bound now
            raise SystemExit(f"{order.kind} after {order.step!r} cannot be looked at")


def _life(work: Callable[[], None]) -> int:
    """Do something in a process of its own; how that ended."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        work()
        sys.stdout.flush()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _prepare(data: Path) -> None:
    """A school, a computer for each death, and what it will ask for."""
    from controller.backup import restored
    from tests.controller.intake.conftest import InlineWriter, build
    from tests.controller.intake.machine import NOW, Machine
    from wire import keys, rekey

    controller = build(data, InlineWriter)
    restored.save(data, restored.Restored(made_at=NOW - 60, at=NOW))
    made = []
    for kind, steps in KINDS.items():
        for number, step in enumerate(steps):
            if kind == "enrol":
                new = Machine(controller.door, name=f"{kind}-{number}")
                envelope, about = new.introduction(controller.code()), keys.key_id(new.public)
            else:
                machine = controller.machine(f"{kind}-{number}")
                about = machine.device
                if kind == "report":
                    envelope = machine.report()
                elif kind == "rekey":
                    nonce = "0" * 32
                    envelope = rekey.sign_rekey(about, 1, nonce, machine.key, keys.generate())
                else:
                    envelope = _proof(controller, machine)
            made.append([kind, step, envelope.decode(), about])
    (data / "orders.json").write_text(json.dumps(made))


def _proof(controller: Any, machine: Any) -> bytes:
    """What a computer shows that the restored database does not have."""
    from controller.fleet import packed
    from controller.fleet.models import Device, Enrolment
    from wire import keys, readmit, types

    device = machine.device
    kept = bytes(Enrolment.objects.get(device=device).envelope)
    answer = controller.door.ask("GET", f"/v1/enrol/{device}").body
    Device.objects.filter(id=device).delete()
    made = readmit.Readmit(
        device=device,
        public_key=keys.to_text(machine.public),
        nonce="0" * 32,
        enrol=packed.envelope(kept, types.ENROL, machine.public).decode(),
        enrolment=answer.decode(),
    )
    return readmit.sign_readmit(made, machine.key)


def _orders(data: Path) -> list[Order]:
    rows = json.loads((data / "orders.json").read_text())
    return [
        Order(cast("Kind", kind), step, envelope.encode(), about)
        for kind, step, envelope, about in rows
    ]


def _work(data: Path, order: Order) -> Any:
    from controller.intake.jobs import Job
    from controller.intake.room import IntakeRoom
    from tests.controller.intake.conftest import InlineWriter
    from wire import dsse

    job = Job(order.kind, parsed=dsse.parse(order.envelope), digest=dsse.digest(order.envelope))
    (outcome,) = InlineWriter(IntakeRoom(data)).work([job])
    return outcome


def _die_at(data: Path, order: Order) -> None:
    _arm(order.step)
    _work(data, order)


def _again(data: Path, order: Order) -> None:
    """What the death left, what is answered to the same request now, and what is there then."""
    left = _seen(order)
    outcome = _work(data, order)
    said = [type(outcome).__name__, getattr(outcome, "status", "")]
    print(json.dumps([order.kind, order.step, left, said, _seen(order)]))


def _seen(order: Order) -> list[int]:
    """Effects, lines that say so, and logs whose head does not count their lines."""
    from django.db import connection

    effect, begins = _EFFECTS[order.kind]
    about = order.about
    with connection.cursor() as cursor:
        cursor.execute(effect, [about])
        (effects,) = cursor.fetchone()
        if order.kind == "enrol":  # its line names the id, which only its row knows
            cursor.execute("SELECT id FROM fleet_device WHERE key_id = %s", [about])
            about = (cursor.fetchone() or ["nobody"])[0]
            begins += " {}"
        like = f"{begins.format(about)} %"
        cursor.execute("SELECT COUNT(*) FROM inventory_line WHERE text LIKE %s", [like])
        (lines,) = cursor.fetchone()
        cursor.execute(
            "SELECT COUNT(*) FROM inventory_ledgerhead h WHERE h.size <> "
            "(SELECT COUNT(*) FROM inventory_line l WHERE l.site_id = h.site_id)"
        )
        (wrong,) = cursor.fetchone()
    return [effects, lines, wrong]


def _arm(step: str) -> None:
    """Make the step the last thing this process does."""
    from django.db import connections

    from controller.intake import reports

    backend: Any = type(connections["default"])
    if step == "verified":
        setattr(reports, "store", _die)  # noqa: B010  mypy would not let a name be another type
    elif step == "before commit":
        backend._commit = _die
    elif step == "after commit":
        commit = backend._commit

        def committed(self: object) -> None:
            commit(self)
            _die()

        backend._commit = committed
    else:
        _watch(_STATEMENTS[step])


def _watch(statements: Sequence[str]) -> None:
    """Die when one of these statements was run, in whichever way it is run."""
    import psycopg
    from django.db.backends.utils import CursorWrapper

    def is_it(sql: str) -> bool:
        return " ".join(sql.split()).startswith(tuple(statements))

    wrapper, server = cast("Any", CursorWrapper), cast("Any", psycopg.Cursor)
    for name in ("execute", "executemany"):
        setattr(wrapper, name, _watched(getattr(wrapper, name), is_it))
    copy = server.copy

    @contextmanager
    def copied(self: object, statement: str, *rest: Any, **more: Any) -> Iterator[Any]:
        with copy(self, statement, *rest, **more) as opened:
            yield opened
        if is_it(statement):
            _die()

    server.copy = copied


def _watched(run: Callable[..., Any], is_it: Callable[[str], bool]) -> Callable[..., Any]:
    def watched(self: object, sql: str, *rest: Any) -> Any:
        answer = run(self, sql, *rest)
        if is_it(sql):
            _die()
        return answer

    return watched


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
