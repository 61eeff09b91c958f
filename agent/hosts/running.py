"""Runs one program for a reader: no shell, fixed environment, bounded in time and output.

The program gets its own process group, which is killed whole on a timeout: a grandchild that keeps
the pipe open must not hold the round up.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from agent.hosts import walking
from agent.hosts.passwd import Account
from checks.host import OUTPUT_LIMIT, CannotLook, Ran

SEARCH: Final = (
    *("/usr/sbin", "/usr/bin", "/sbin", "/bin"),
    *("/usr/local/sbin", "/usr/local/bin", "/snap/bin"),
)
"""Where programs are looked for; never the caller's PATH (collectors §0.2)."""

ENVIRONMENT: Final[Mapping[str, str]] = {
    "PATH": ":".join(SEARCH),
    "HOME": "/root",
    "LC_ALL": "C",
    "LANG": "C",
    "LANGUAGE": "",
    "TZ": "UTC",
    "DEBIAN_FRONTEND": "noninteractive",
}
_ERRORS_KEPT = 64 * 1024


def find(program: str) -> str:
    """The absolute path of a program. Raises CannotLook("tool-missing")."""
    if "/" in program:
        if os.access(program, os.X_OK) and Path(program).is_absolute():
            return program
        raise CannotLook("tool-missing", program)
    for folder in SEARCH:
        path = f"{folder}/{program}"
        if os.access(path, os.X_OK) and not Path(path).is_dir():
            return path
    raise CannotLook("tool-missing", program)


def program(name: str) -> str:
    """The absolute path of a program that we may run. Raises CannotLook: tool-missing, denied."""
    return _safe(find(name))


def _safe(program: str) -> str:
    """Root runs nothing that somebody else could have put there. Raises CannotLook."""
    if os.geteuid() == 0:
        try:
            if not walking.only_root_could_change(program):
                raise CannotLook("denied", f"others than root can change {program}")
        except walking.MissingError as gone:
            raise CannotLook("tool-missing", program) from gone
    return program


def run(argv: Sequence[str], timeout: float, account: Account | None = None) -> Ran:
    """Run to the end or the timeout.

    Raises CannotLook: tool-missing, denied, timeout, too-large. A program that others than root
    could change is `denied` to root, also for an account's own look: one person must not run
    another's program through us.
    """
    child = start(argv, account)
    try:
        return _collect(child, time.monotonic() + timeout)
    finally:
        end(child)


def start(argv: Sequence[str], account: Account | None = None) -> "subprocess.Popen[bytes]":
    """Start a program in a process group of its own; whoever calls ends it (`end`).

    Raises CannotLook: tool-missing, denied.
    """
    path = program(argv[0])
    try:
        return subprocess.Popen(
            [path, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env=_environment(account),
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account and os.geteuid() == 0 else None,
            close_fds=True,
        )
    except PermissionError as error:
        raise CannotLook("denied", path) from error
    except (FileNotFoundError, OSError) as error:
        raise CannotLook("tool-missing", f"{path}: {error.strerror}") from error


def _environment(account: Account | None) -> dict[str, str]:
    environment = dict(ENVIRONMENT)
    if account:
        runtime = f"/run/user/{account.uid}"
        environment |= {
            "HOME": account.home,
            "XDG_RUNTIME_DIR": runtime,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
        }
    return environment


def _collect(child: "subprocess.Popen[bytes]", deadline: float) -> Ran:
    """Read both pipes until they close or the program has
    ended; stop early when it says too much."""
    out, err = bytearray(), bytearray()
    assert child.stdout is not None  # noqa: S101  (both are pipes, three lines above)
    assert child.stderr is not None  # noqa: S101  (as above)
    with selectors.DefaultSelector() as pipes:
        pipes.register(child.stdout, selectors.EVENT_READ, out)
        pipes.register(child.stderr, selectors.EVENT_READ, err)
        while pipes.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise CannotLook("timeout", str(child.args))
            for key, _ in pipes.select(min(left, 0.5)):
                data = os.read(key.fd, 65536)
                if not data:
                    pipes.unregister(key.fileobj)
                elif key.data is out or len(err) < _ERRORS_KEPT:
                    key.data.extend(data)
            if len(out) > OUTPUT_LIMIT:
                raise CannotLook("too-large", str(child.args))
            if child.poll() is not None and not _more(pipes):
                break
    try:
        code = child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise CannotLook("timeout", str(child.args)) from error
    return Ran(code, bytes(out), bytes(err[:_ERRORS_KEPT]))


def _more(pipes: selectors.BaseSelector) -> bool:
    """Whether an ended program left output to read (a daemon
    it started may hold the pipe for ever)."""
    return bool(pipes.select(0))


def end(child: "subprocess.Popen[bytes]") -> None:
    """Kill what is left of a program and of all it started, and close its pipes."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # gone, or all that is left now belongs to another user
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
