"""Starts the survey worker, hands it one task and reads what it says: bounded on every side.

It gets the task on a pipe, this program's own interpreter, an empty environment and no way to
anything of ours. One that says too much, says what nobody understands, or takes too long is killed.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Final

import msgspec

from agent.hosts import running
from agent.survey.said import Failed, Line, Walked
from agent.survey.worker.task import LONGEST_LINE, VERSION, Task

MODULE: Final = "agent.survey.worker"
MOST_LINES: Final = 20_000
_ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}


class WalkError(Exception):
    """The walk came to nothing; `code` as `Problem` says it."""

    def __init__(self, code: str, detail: str = "") -> None:
        """`detail` is for the log of the person who looks into it."""
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


def walk(task: Task, seconds: float, told: Callable[[int, int], None]) -> Walked:
    """Do it. `told` hears how many frames were sent and how many things found. Raises WalkError,
    KeyboardInterrupt; whichever it is, nothing goes on behind our back."""
    if not sys.platform.startswith("linux"):
        raise WalkError("unsupported", "raw frames are sent on Linux only")
    until = time.monotonic() + seconds
    child = _started()
    try:
        _hand_over(child, msgspec.json.encode({"v": VERSION, **asdict(task)}) + b"\n")
        return _collected(_lines(child, until), told)
    finally:
        running.end(child)
        _closed(child)


def _started() -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-P", "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
            close_fds=True,
        )
    except OSError as error:
        raise WalkError("crashed", str(error)) from error


def _hand_over(child: "subprocess.Popen[bytes]", line: bytes) -> None:
    """The pipe stays open: when it closes, the worker ends."""
    assert child.stdin is not None  # noqa: S101  (a pipe, see above)
    try:
        child.stdin.write(line)
        child.stdin.flush()
    except BrokenPipeError:
        pass  # it has ended already, and its last line says why


def _closed(child: "subprocess.Popen[bytes]") -> None:
    try:
        if child.stdin is not None:
            child.stdin.close()
    except BrokenPipeError:
        pass  # what it did not read


def _lines(child: "subprocess.Popen[bytes]", until: float) -> Iterator[bytes]:
    assert child.stdout is not None  # noqa: S101  (a pipe, see above)
    pipe, held, count = child.stdout.fileno(), b"", 0
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise WalkError("timeout")
        if not select.select([pipe], [], [], min(left, 1.0))[0]:
            continue
        piece = os.read(pipe, 65_536)
        if not piece:
            return
        *whole, held = (held + piece).split(b"\n")
        count += len(whole)
        if count > MOST_LINES or len(held) > LONGEST_LINE:
            raise WalkError("too-large")
        yield from whole


def _collected(lines: Iterator[bytes], told: Callable[[int, int], None]) -> Walked:
    things, offers = [], []
    for text in lines:
        line = _read(text)
        if line.heard is not None:
            things.append(line.heard)
        elif line.offer is not None:
            offers.append(line.offer)
        elif line.progress is not None:
            told(line.progress.get("sent", 0), line.progress.get("found", 0))
        elif line.failed is not None:
            raise WalkError(_code(line.failed), line.failed.detail)
        elif line.done is not None:
            return Walked(things, offers, line.done)
    raise WalkError("crashed", "it ended without its last word")


def _read(text: bytes) -> Line:
    try:
        return msgspec.json.decode(text, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WalkError("crashed", str(error)) from error


def _code(failed: Failed) -> str:
    """A task that it refuses is our own mistake."""
    return "crashed" if failed.code in ("refused", "out-of-scope") else failed.code
