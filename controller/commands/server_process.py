"""The server as a process group of its own: started, waited for, ended whole (trap: granian's
worker outlives it)."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from types import TracebackType
from typing import Final, Self

from controller.commands.shared import CannotError
from controller.config import Config
from controller.data import certificate

START_SECONDS: Final = 60.0
STOP_SECONDS: Final = 15.0
LOOK_EVERY_SECONDS: Final = 0.1


class ServerProcess:
    """`caretaker serve` as a child; a context manager that leaves nothing behind."""

    def __init__(self, config: Config, lock: int) -> None:
        """`lock` is the open data-folder lock, which the server keeps when we go."""
        self._config = config
        self._lock = lock
        self._process: subprocess.Popen[bytes] | None = None
        host = "127.0.0.1" if config.listen in ("0.0.0.0", "::") else config.listen  # noqa: S104  compared
        self._host = host
        self.url: Final = f"https://{f'[{host}]' if ':' in host else host}:{config.port}"

    def __enter__(self) -> Self:
        """Start it and wait until it answers. Raises CannotError when it does not."""
        command = [sys.executable, "-P", "-m", "controller.commands.main", "serve", "--allow-root"]
        self._process = subprocess.Popen(
            [*command, "--lock-held", str(self._lock)],
            pass_fds=(self._lock,),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, worker and judging process included."""
        self._stop()

    def wait(self) -> None:
        """Until it ends, or a person presses Ctrl-C."""
        if self._process is not None and self._process.wait() != 0:
            raise CannotError("The server ended by itself; the lines above say why.")

    def _wait_until_it_answers(self) -> None:
        context = ssl.create_default_context(cafile=str(certificate.paths(self._config.folder)[0]))
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise CannotError("The server could not start; the lines above say why.")
            if self._answers(context):
                return
            time.sleep(LOOK_EVERY_SECONDS)
        raise CannotError(f"The server did not answer at {self.url} within a minute.")

    def _answers(self, context: ssl.SSLContext) -> bool:
        try:
            with (
                socket.create_connection((self._host, self._config.port), timeout=5) as plain,
                context.wrap_socket(plain, server_hostname=self._host) as secure,
            ):
                secure.sendall(
                    b"GET /v1/hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                )
                return secure.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        group = process.pid
        _signal(group, signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            _signal(group, signal.SIGKILL)
            process.wait()
        # Whatever of the group is still there has lost its parent and must not go on serving.
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
