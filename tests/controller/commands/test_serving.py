"""A real server over HTTPS: reports that survive `kill -9`, floods, and people who write too."""

import http.client
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from controller import keyfiles
from controller.db import soundness
from tests.controller.commands.served import (
    COMMAND,
    caretaker,
    connection,
    environment,
    free_port,
    serving,
    worker_of,
)
from tests.controller.intake.machine import Chunks, Door, Machine, Reply
from wire import dsse, keys
from wire.enrolment import JoinCode


class RealDoor(Door):
    """The same door, through a socket and TLS."""

    def __init__(self, port: int, public: bytes) -> None:
        self.port = port
        self.public = public

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Chunks = b"",
        *,
        length: int | str | None = None,
        **headers: str,
    ) -> Reply:
        """One request on a connection of its own."""
        door = connection(self.port)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            door.request(method, path, body if isinstance(body, bytes) else b"", sent)
            answer = door.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read(), self.public)
        finally:
            door.close()


def _public(data: Path) -> bytes:
    return keys.public_bytes(keyfiles.signing_key(data))


def _code(data: Path) -> JoinCode:
    return JoinCode.parse(caretaker("token", "create", data=data).stdout.strip())


def _rows(data: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    with sqlite3.connect(data / "db" / "caretaker.sqlite3") as database:
        return database.execute(statement, values).fetchall()


def _let_in(data: Path, device: str) -> None:
    with sqlite3.connect(data / "db" / "caretaker.sqlite3") as database:
        database.execute("UPDATE fleet_device SET state = 'active' WHERE id = ?", [device])
    database.close()


class Served(NamedTuple):
    """A server that is running, its data folder and a join code."""

    data: Path
    port: int
    code: JoinCode


@pytest.fixture(scope="module")
def served(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all that leave it as it was."""
    data = Path(shutil.copytree(template, tmp_path_factory.mktemp("served") / "data"))
    port = free_port()
    with serving(data, port):
        yield Served(data, port, _code(data))


@pytest.fixture
def machine(served: Served) -> Machine:
    """A computer that was let in."""
    made = Machine(RealDoor(served.port, _public(served.data)))
    assert made.join(served.code).status == 202
    _let_in(served.data, made.device)
    return made


def _now() -> int:
    import time

    return int(time.time())


def test_a_report_goes_all_the_way_over_https(served: Served, machine: Machine) -> None:
    envelope = machine.report(created_at=_now())
    reply = machine.door.post(envelope, gzip=True)
    assert reply.status == 202
    assert [put.status for put in machine.supply(reply.receipt.need)] == [204]
    again = machine.door.post(envelope)
    assert (again.receipt.status, again.receipt.need) == ("duplicate", [])
    # Judged behind the answer, by the process of its own.
    device = machine.device
    for _ in range(300):
        rows = _rows(served.data, "SELECT judged_seq FROM fleet_device WHERE id = ?", device)
        if rows == [(1,)]:
            break
        threading.Event().wait(0.1)
    assert _rows(
        served.data, "SELECT COUNT(*) > 0 FROM fleet_verdict WHERE device_id = ?", device
    ) == [(1,)]


@pytest.mark.parametrize("size", [300_000, 900_000])
def test_a_body_too_large_is_refused_so_that_the_client_hears_it(
    machine: Machine, size: int
) -> None:
    for _ in range(4):
        reply = machine.door.ask("POST", "/v1/reports", b"x" * size)
        assert (reply.status, reply.problem.code) == (413, "too_large")


def test_pages_and_intake_share_one_port(machine: Machine) -> None:
    reply = machine.door.ask("GET", "/")
    assert reply.status in (200, 302)


# Where the server dies between connecting and the handshake, Python's `ssl` leaves its own socket
# open (SSLSocket._create, 3.11): nothing of ours, and it would fail whichever test runs then.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_no_receipt_without_a_row_however_often_it_is_killed(folder: Path) -> None:
    """`kill -9` in the middle of a storm: every 202 that got out is in the database, whole."""
    public = _public(folder)
    code = _code(folder)
    machines: list[Machine] = []
    promised: dict[str, int] = {}
    for round_number in range(3):
        port = free_port()
        with serving(folder, port) as server:
            if not machines:
                machines = [Machine(RealDoor(port, public), name=f"m{n}") for n in range(6)]
                for machine in machines:
                    assert machine.join(code).status == 202
                    _let_in(folder, machine.device)
            threads = [
                threading.Thread(target=_storm, args=(machine, port, promised))
                for machine in machines
            ]
            for thread in threads:
                thread.start()
            threading.Event().wait(0.15 + 0.2 * round_number)
            os.kill(worker_of(server), signal.SIGKILL)
            for thread in threads:
                thread.join()
    assert promised
    reports = _rows(
        folder,
        "SELECT lower(hex(l.digest)), r.seq FROM fleet_report r "
        "JOIN inventory_line l ON l.site_id = r.site_id AND l.idx = r.line",
    )
    stored = {f"sha256:{digest}": seq for digest, seq in reports}
    assert promised.items() <= stored.items()
    heads = _rows(
        folder,
        "SELECT d.head_seq, (SELECT COUNT(*) FROM fleet_report r WHERE r.device_id = d.id), "
        "(SELECT MAX(r.seq) FROM fleet_report r WHERE r.device_id = d.id) FROM fleet_device d "
        "WHERE d.head_seq > 0",
    )
    assert all(head == count == last for head, count, last in heads)
    with closing(sqlite3.connect(folder / "db" / "caretaker.sqlite3")) as database:
        assert soundness.fault(database.execute) == ""


def _storm(machine: Machine, port: int, promised: dict[str, int]) -> None:
    """Report as an agent does: keep what got no receipt, send it again, go on."""
    machine.door = RealDoor(port, machine.door.public)
    waiting: bytes | None = getattr(machine, "waiting", None)
    # Old enough to count as backlog, so that the limits let a storm through.
    old = _now() - 86_400
    while True:
        envelope = waiting or machine.report(created_at=old)
        machine.waiting = waiting = envelope  # type: ignore[attr-defined]  # kept between two rounds
        try:
            reply = machine.door.post(envelope)
        except (OSError, http.client.HTTPException):  # what a killed server makes a client say
            return
        if reply.status in (200, 202):
            promised[dsse.digest(envelope)] = reply.receipt.seq
            machine.waiting = waiting = None  # type: ignore[attr-defined]  # as above


def test_a_chunked_report_arrives_whole_and_a_chunked_flood_does_not(machine: Machine) -> None:
    assert isinstance(machine.door, RealDoor)
    envelope = machine.report(created_at=_now())
    pieces = (envelope[at : at + 100] for at in range(0, len(envelope), 100))
    door = connection(machine.door.port)
    door.request("POST", "/v1/reports", pieces, encode_chunked=True)
    answer = door.getresponse()
    assert answer.status == 202
    reply = Reply(answer.status, {}, answer.read(), machine.door.public)
    assert reply.receipt.request == dsse.digest(envelope)
    # The same connection goes on after a refusal that was drained.
    door.request("POST", "/v1/reports", (b"x" * 1000 for _ in range(300)), encode_chunked=True)
    refused = door.getresponse()
    assert refused.status == 413
    refused.read()
    door.request("POST", "/v1/reports", envelope)
    assert door.getresponse().status == 200
    door.close()


def test_a_client_that_hangs_up_in_the_middle_harms_nobody(machine: Machine) -> None:
    assert isinstance(machine.door, RealDoor)
    for _ in range(20):
        door = connection(machine.door.port)
        door.putrequest("POST", "/v1/reports")
        door.putheader("Content-Length", "5000")
        door.endheaders(b"x" * 100)
        door.close()
    assert machine.door.post(machine.report(created_at=_now())).status == 202


def test_people_and_computers_write_at_the_same_time(served: Served, machine: Machine) -> None:
    """A storm of reports, and a technician who makes join codes from the command line meanwhile."""
    promised: dict[str, int] = {}
    assert isinstance(machine.door, RealDoor)
    stop = threading.Event()

    def storm() -> None:
        old = _now() - 86_400
        while not stop.is_set():
            reply = machine.door.post(machine.report(created_at=old))
            if reply.status == 202:
                promised[reply.receipt.request] = reply.receipt.seq

    thread = threading.Thread(target=storm)
    thread.start()
    codes = [
        subprocess.Popen(
            [*COMMAND, "token", "--data", str(served.data), "create"],
            stdout=subprocess.PIPE,
            env=environment(),
        )
        for _ in range(4)
    ]
    for code in codes:
        said, _ = code.communicate(timeout=120)
        assert code.returncode == 0
        assert said.startswith(b"CT1.")
    stop.set()
    thread.join()
    assert promised
    numbers = [row[0] for row in _rows(served.data, "SELECT seq FROM inventory_event ORDER BY seq")]
    assert numbers == list(range(1, len(numbers) + 1))
