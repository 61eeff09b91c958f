"""Runs one long program and looks on: its output is counted as it comes, and only the end is kept.

Bounded in time, killed with all it started on every way out, Ctrl-C included.
"""

import os
import selectors
import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from agent.hosts import running
from checks.host import CannotLook

TAIL: Final = 16 * 1024
_ERRORS: Final = 4 * 1024


class Ended(msgspec.Struct, frozen=True):
    """How a program ended: its exit code, and the last it said on each pipe."""

    code: int
    tail: bytes
    err: bytes


def watch(argv: Sequence[str], seconds: float, told: Callable[[bytes], None]) -> Ended:
    """Run to the end; `told` is given each piece of output, and nothing at least once a second.

    Raises CannotLook: tool-missing, denied, timeout.
    """
    child = running.start(argv)
    until = time.monotonic() + seconds
    try:
        assert child.stdout is not None  # noqa: S101  (both are pipes, see `running.start`)
        assert child.stderr is not None  # noqa: S101  (as above)
        kept = {child.stdout.fileno(): (bytearray(), TAIL), child.stderr.fileno(): _kept_errors()}
        out = child.stdout.fileno()
        with selectors.DefaultSelector() as pipes:
            for pipe in kept:
                pipes.register(pipe, selectors.EVENT_READ)
            while pipes.get_map():
                left = until - time.monotonic()
                if left <= 0:
                    raise CannotLook("timeout", argv[0])
                ready = pipes.select(min(left, 1.0))
                if not ready:
                    told(b"")
                    if child.poll() is not None:
                        break  # something it started holds the pipe
                for key, _ in ready:
                    piece = os.read(key.fd, 65536)
                    if not piece:
                        pipes.unregister(key.fd)
                        continue
                    if key.fd == out:
                        told(piece)
                    end, most = kept[key.fd]
                    end += piece
                    del end[:-most]
        code = _code(child.wait, until - time.monotonic(), argv[0])
        return Ended(code, bytes(kept[out][0]), bytes(kept[child.stderr.fileno()][0]))
    finally:
        running.end(child)


def _kept_errors() -> tuple[bytearray, int]:
    return bytearray(), _ERRORS


def _code(wait: Callable[[float], int], seconds: float, program: str) -> int:
    import subprocess

    try:
        return wait(max(0.0, seconds))
    except subprocess.TimeoutExpired as error:
        raise CannotLook("timeout", program) from error
