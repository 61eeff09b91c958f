"""A program at the other end of a connection, in the shape of a process of our own."""

import time
from typing import Any

from agent.hosts.ssh.connecting import ConnectError, Session
from checks.host import OUTPUT_LIMIT, CannotLook, Ran

_ERRORS_KEPT = 64 * 1024


class FarChild:
    """As much of `subprocess.Popen` as a talk by lines needs."""

    def __init__(self, session: Session, command: str) -> None:
        """Start it. Raises CannotLook."""
        self._channel: Any = _channel(session, command)
        self.stdin = self._channel.makefile_stdin("wb")
        self.stdout = self._channel.makefile("rb")

    def poll(self) -> int | None:
        """Whether it ended."""
        return self._channel.recv_exit_status() if self._channel.exit_status_ready() else None

    def kill(self) -> None:
        """Hang up; its server ends what had its pipes."""
        self._channel.close()

    def wait(self) -> int:
        """Nothing to wait for once it was hung up on."""
        return 0


def collected(session: Session, command: str, timeout: float) -> Ran:
    """Run a command to its end. Raises CannotLook: timeout, too-large, tool-missing."""
    channel = _channel(session, command)
    until = time.monotonic() + timeout
    out, err = bytearray(), bytearray()
    try:
        channel.shutdown_write()
        while True:
            while channel.recv_stderr_ready():
                err += channel.recv_stderr(65536)[: _ERRORS_KEPT - len(err)]
            left = until - time.monotonic()
            if left <= 0:
                raise CannotLook("timeout", command)
            channel.settimeout(min(left, 1))
            try:
                piece = channel.recv(65536)
            except TimeoutError:
                continue
            if not piece:
                break
            out += piece
            if len(out) > OUTPUT_LIMIT:
                raise CannotLook("too-large", command)
        if not channel.status_event.wait(max(0.1, until - time.monotonic())):
            raise CannotLook("timeout", command)
        code = channel.recv_exit_status()
        if code in (9009, -1):  # cmd.exe knows no such program
            raise CannotLook("tool-missing", command)
        return Ran(code, bytes(out), bytes(err))
    except OSError as error:
        raise CannotLook("timeout", command) from error
    finally:
        channel.close()


def _channel(session: Session, command: str) -> Any:
    try:
        return session.channel(command)
    except ConnectError as error:
        raise CannotLook("timeout", "the connection broke off") from error
