"""A school comes back: thousands of computers, three weeks of reports each, all in one second.

Each is a real TLS connection of its own that does what an agent does: oldest report first, the next
one after a signed receipt, the bodies that a receipt asks for, and waiting where a signed answer
says so. Real agents spread their first contact over a quarter of an hour, so this is worse than any
morning. Counted is what could go wrong: answers that were not signed, reports that were promised
and are not there, and how large the server grew.
"""

import asyncio
import os
import random
import ssl
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

import msgspec

from bench.intake import Device, content_of, free_port, prepare, serving
from bench.measure import children_of
from controller import keyfiles
from wire import dsse, keys, types
from wire.errors import WireError
from wire.problem import open_problem
from wire.receipt import open_receipt
from wire.report import Content
from wire.sections import ref

WAITING: Final = 3
"""Reports that each has waiting."""
BODY_BYTES: Final = 24_000
"""Of the one section that changed."""
PATIENCE_SECONDS: Final = 600


class Morning(msgspec.Struct):
    """What became of it."""

    computers: int
    late: int = 0
    """How many had not delivered everything when our patience ended."""
    connected_at_once: int = 0
    seconds: float = 0.0
    answers: Counter[str] = msgspec.field(default_factory=Counter)
    """By code of the signed answer; `unsigned` and `hung up` are what agents only keep and retry
    on."""
    promised: int = 0
    stored: int = 0
    bodies: int = 0
    server_mb: float = 0.0
    slowest_ms: float = 0.0


class _Sleeper(Device):
    """A computer that was off for weeks."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.body = b'{"bench":"' + f"{number:032}".encode() * (BODY_BYTES // 32) + b'"}'
        at = int(time.time()) - 4 * 3_600
        self.reports = [self._report(turn, at) for turn in range(WAITING)]

    def _report(self, turn: int, at: int) -> bytes:
        plain = content_of(turn)
        content = Content(
            policy=plain.policy,
            catalogue=plain.catalogue,
            sections=[ref("software", 1, self.body)],
            results=plain.results,
        )
        return self.link(content, at)


class _Line:
    """One keep-alive connection."""

    def __init__(self, port: int, tls: ssl.SSLContext) -> None:
        self._port, self._tls = port, tls
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes, **head: str) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, ssl=self._tls)
        reader, writer = self._streams
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
        first = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n{more}"
        writer.write(first.encode() + b"\r\n" + body)
        await writer.drain()
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        lines = dict(line.partition(b":")[::2] for line in answer.split(b"\r\n")[1:-2])
        content = await reader.readexactly(int(lines.get(b"content-length", b"0")))
        return int(answer.split()[1]), content

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class _Run:
    def __init__(self, port: int, public: bytes, computers: int) -> None:
        self.found = Morning(computers)
        self._port, self._public = port, public
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE  # our own server, on loopback, for a benchmark

    async def wake(self, sleeper: _Sleeper) -> None:
        """Deliver everything that one computer holds."""
        line = _Line(self._port, self._tls)
        try:
            for envelope in sleeper.reports:
                need = await self._deliver(line, envelope)
                for _ in need:
                    await self._put(line, sleeper)
        finally:
            line.close()

    async def _deliver(self, line: _Line, envelope: bytes) -> list[str]:
        while True:
            begun = time.monotonic()
            try:
                kind = {"content_type": types.CONTENT_TYPE}
                status, body = await line.ask("POST", "/v1/reports", envelope, **kind)
            except (OSError, asyncio.IncompleteReadError):
                self.found.answers["hung up"] += 1
                await self._back_off(line, 2)
                continue
            took = (time.monotonic() - begun) * 1e3
            self.found.slowest_ms = max(self.found.slowest_ms, took)
            wait = self._judge(status, body, dsse.digest(envelope))
            if isinstance(wait, list):
                return wait
            await self._back_off(line, wait)

    def _judge(self, status: int, body: bytes, request: str) -> list[str] | int:
        """The digests a receipt asks for, or the seconds a signed problem tells to wait."""
        try:
            parsed = dsse.parse(body)
            if status in (200, 202):
                receipt = open_receipt(parsed, self._public)
                assert receipt.request == request
                self.found.answers[receipt.status] += 1
                self.found.promised += receipt.status == "accepted"
                return receipt.need
            problem = open_problem(parsed, self._public)
        except WireError:
            self.found.answers["unsigned"] += 1
            return 5
        assert problem.request == request
        self.found.answers[problem.code] += 1
        return problem.retry_after_seconds or 5

    async def _put(self, line: _Line, sleeper: _Sleeper) -> None:
        name = dsse.digest(sleeper.body).removeprefix("sha256:")
        while True:
            try:
                status, _ = await line.ask(
                    "PUT", f"/v1/sections/{name}", sleeper.body, caretaker_device=sleeper.id
                )
            except (OSError, asyncio.IncompleteReadError):
                self.found.answers["hung up"] += 1
                await self._back_off(line, 2)
                continue
            if status == 204:
                self.found.bodies += 1
                return
            self.found.answers[f"body {status}"] += 1
            await self._back_off(line, 5)

    async def _back_off(self, line: _Line, seconds: int) -> None:
        line.close()
        await asyncio.sleep(seconds * random.uniform(1.0, 1.5))  # noqa: S311  as agents do


def run(computers: int) -> Morning:
    """Wake so many computers in the same second."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        sleepers = [_Sleeper(number) for number in range(computers)]
        prepare(data, list(sleepers))
        port = free_port()
        public = keys.public_bytes(keyfiles.signing_key(data))
        with serving(data, port) as server:
            found = asyncio.run(_all(_Run(port, public, computers), sleepers, server.pid))
        found.stored = _stored(data)
        return found


async def _all(run: _Run, sleepers: list[_Sleeper], server: int) -> Morning:
    watch = asyncio.create_task(_watch(run.found, server))
    begun = time.monotonic()
    waking = [asyncio.create_task(run.wake(sleeper)) for sleeper in sleepers]
    _, late = await asyncio.wait(waking, timeout=PATIENCE_SECONDS)
    for one in late:
        one.cancel()
    run.found.late = len(late)
    for one in set(waking) - late:
        one.result()  # raises what went wrong
    run.found.seconds = time.monotonic() - begun
    watch.cancel()
    return run.found


async def _watch(found: Morning, server: int) -> None:
    """The most that the server and its children held, and the most lines open at once."""
    while True:
        pids = [server, *children_of(server)]
        held = sum(_resident(pid) for pid in pids)
        found.server_mb = max(found.server_mb, held / 1e6)
        found.connected_at_once = max(found.connected_at_once, _sockets())
        await asyncio.sleep(0.5)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, IndexError):
        return 0


def _sockets() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _stored(data: Path) -> int:
    import sqlite3

    with sqlite3.connect(data / "db" / "caretaker.sqlite3") as database:
        return int(database.execute("select count(*) from fleet_report").fetchone()[0])
