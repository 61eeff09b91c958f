"""How long a client may take to send a body: nobody may hold a thread by keeping quiet (T9, T18).

Reading a body blocks a request thread, and granian has no bound on it: eighty silent uploads held
all of them, and with them every page and every report, for as long as they liked. So bodies are
read through `Patient`, which says since when it waits, and one thread hangs up on whoever takes too
long. When most threads wait for bodies, waiting gets shorter.

Traps: granian does not tell which socket a request came by. A connection is known by its peer's
address and by the kernel's count of how long we have sent nothing on it, which on a connection
whose body we wait for is at least as long as we wait. An idle connection of the same address goes
with it; whoever is there opens another. Only Linux tells (`TCP_INFO`); elsewhere nobody is cut off.
"""

import logging
import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from controller.intake.limits import REQUEST_THREADS

log = logging.getLogger("caretaker.serve")

BODY_SECONDS: Final = 20.0
"""For one whole body: the largest at 13 kB/s, as thirty laptops share a school's old line."""
CROWDED: Final = REQUEST_THREADS * 3 // 4
CROWDED_SECONDS: Final = 2.0
"""For one whole body while this many threads wait for bodies."""
_LOOK_EVERY_SECONDS: Final = 0.5
_LAST_DATA_SENT: Final = 44
"""Offset of `tcpi_last_data_sent` in Linux's struct tcp_info: milliseconds, unsigned."""
_SLACK_SECONDS: Final = 0.3


class Patient:
    """`wsgi.input` that is known to wait while it waits."""

    __slots__ = ("_patience", "_source", "address", "since")

    def __init__(self, patience: "Patience", source: Any, address: str) -> None:
        """`source` is the server's own input, `address` the client's."""
        self._patience = patience
        self._source = source
        self.address = address
        self.since = 0.0

    def read(self, size: int = -1) -> bytes:
        """As `source` reads."""
        return self._waiting(self._source.read, size)

    def readline(self, size: int = -1) -> bytes:
        """As `source` reads."""
        return self._waiting(self._source.readline, size)

    def _waiting(self, read: Any, size: int) -> bytes:
        if not self.since:
            self.since = time.monotonic()
        self._patience.waiting[id(self)] = self
        try:
            part: bytes = read(size)
            return part
        finally:
            del self._patience.waiting[id(self)]


class Patience:
    """The bodies one process waits for, and the thread that ends waiting."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self.waiting: dict[int, Patient] = {}
        self._thread = threading.Thread(target=self._watch, name="caretaker-patience", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def guard(self, environ: dict[str, Any]) -> None:
        """Put a `Patient` in place of a request's input."""
        environ["wsgi.input"] = Patient(
            self, environ["wsgi.input"], str(environ.get("REMOTE_ADDR", ""))
        )

    def overdue(self, now: float) -> dict[str, float]:
        """Address → the longest that a body from there has kept us waiting beyond what is
        allowed."""
        waiting = list(self.waiting.values())
        allowed = CROWDED_SECONDS if len(waiting) >= CROWDED else BODY_SECONDS
        late: dict[str, float] = {}
        for one in waiting:
            if now - one.since > allowed + _SLACK_SECONDS:
                late[one.address] = allowed
        return late

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_SECONDS)
            if self.waiting and (late := self.overdue(time.monotonic())):
                n = hang_up(late)
                log.warning("code=slow_body addresses=%d connections=%d", len(late), n)


def hang_up(late: dict[str, float]) -> int:
    """Close every connection to these addresses on which we have sent nothing for as long; how
    many."""
    n = 0
    for line in _connections():
        with line:
            try:
                peer = str(line.getpeername()[0])
                quiet = _quiet_seconds(line)
                if quiet is not None and quiet >= late.get(peer, float("inf")):
                    line.shutdown(socket.SHUT_RDWR)
                    n += 1
            except (OSError, IndexError):
                continue  # not connected, not TCP, or gone by itself meanwhile
    return n


def _connections() -> Iterator[socket.socket]:
    """Every socket of this process, under a second number, so that it cannot be closed beneath
    us."""
    if not hasattr(socket, "TCP_INFO"):
        return
    for entry in Path("/proc/self/fd").iterdir():
        try:
            number = int(entry.name)
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield socket.socket(fileno=os.dup(number))
        except OSError:
            continue


def _quiet_seconds(line: socket.socket) -> float | None:
    """How long ago we last sent anything; None when the kernel does not say."""
    info = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    if len(info) < _LAST_DATA_SENT + 4:
        return None
    (milliseconds,) = struct.unpack_from("=I", info, _LAST_DATA_SENT)
    return float(milliseconds) / 1000
