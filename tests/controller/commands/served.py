"""A real `caretaker serve` in a process group of its own, on a free port of the loopback."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path

COMMAND = [sys.executable, "-P", "-m", "controller.commands.main"]
PATIENCE_SECONDS = 60
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Without looking at the certificate: what counts is in the answers (O4). One for all, because the
default one reads every authority of the system each time."""
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


def environment(**extra: str) -> dict[str, str]:
    """A clean environment: nothing the test run set for itself."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | extra


def caretaker(*words: str, data: Path, **extra: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [*COMMAND, words[0], "--data", str(data), *words[1:]],
        capture_output=True,
        text=True,
        timeout=180,
        env=environment(**extra),
        stdin=subprocess.DEVNULL,
        check=False,
    )


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def connection(port: int) -> HTTPSConnection:
    """HTTPS to a server here."""
    return HTTPSConnection("127.0.0.1", port, timeout=30, context=TLS)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until it answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}")
        try:
            door = connection(port)
            door.request("GET", "/v1/hello")
            if door.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            door.close()
    raise AssertionError("the server does not answer")


@contextmanager
def serving(data: Path, port: int, **extra: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The server, `extra` in its environment; its whole group is gone afterwards."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--data", str(data), "--port", str(port), "--allow-root"],
        start_new_session=True,
        env=environment(**extra),
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield process
    finally:
        kill_group(process)


def kill_group(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """`kill -9` on everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it was gone already
    process.wait()


def worker_of(process: "subprocess.Popen[bytes]") -> int:
    """The process id of the worker that answers; a killed one is replaced after a moment."""
    for _ in range(200):
        found = subprocess.run(
            ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process.pid)],
            capture_output=True,
            text=True,
            check=False,  # ps exits 1 while there is no child
        ).stdout
        lines = [line for line in found.splitlines() if "spawn_main" in line]
        if lines:
            return int(lines[0].split()[0])
        time.sleep(0.1)
    raise AssertionError("the server has no worker")
