"""One PowerShell for a whole round: it is started at the first question and asked line by line.

A question that takes too long ends it; the next one starts another, a few times. Where it is
missing, or nothing may be run, every question is `tool-missing`.
"""

import queue
import subprocess
import threading
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any, Final, Protocol

import msgspec

from agent.hosts.windows import answers
from checks.host import CannotLook, WmiRows

SECONDS: Final = 45
"""For the first answer, with PowerShell's start, and for each one after it."""
STARTS: Final = 3
"""Times it may be started in a round: a class that hangs must not cost the others."""

Start = Callable[[], "Child | subprocess.Popen[bytes]"]


class Mode(msgspec.Struct, frozen=True):
    """What PowerShell says of itself: `FullLanguage` or `ConstrainedLanguage`, and its version."""

    mode: str = ""
    version: str = ""


class Child(Protocol):
    """A process with pipes, here or elsewhere: the part of `subprocess.Popen` used."""

    stdin: Any
    stdout: Any

    def poll(self) -> int | None:
        """Whether it ended."""

    def kill(self) -> None:
        """End it."""

    def wait(self) -> int:
        """Until it ended."""


def functions(name: str = "answering.ps1") -> str:
    """What PowerShell is taught, and that it says hello."""
    return resources.files("agent.hosts.windows").joinpath(name).read_text("utf-8")


def script() -> str:
    """What PowerShell runs."""
    return functions() + "$input | ForEach-Object { Get-Answer $_ }\n"


class PowerShell:
    """Questions to WMI. Not for several threads."""

    def __init__(self, start: Start, seconds: float = SECONDS) -> None:
        """`start` begins a process that reads questions and prints answers, in pipes."""
        self._start, self._seconds = start, seconds
        self._child: Child | subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._starts = self._asked = 0
        self.mode = Mode()

    def wmi(self, cls: str, namespace: str, properties: Sequence[str]) -> WmiRows:
        """Instances of a class. Raises CannotLook."""
        self._asked += 1
        asked = answers.question(self._asked, cls, namespace, properties)
        return answers.rows(self._exchanged(asked), self._asked, properties)

    def far(self, ask: str, **words: object) -> Any:
        """Any other question of `far.ps1`; its answer as JSON. Raises CannotLook."""
        self._asked += 1
        asked = answers.far_question(self._asked, ask, words)
        return answers.given(self._exchanged(asked), self._asked)

    def many(self, questions: Sequence[bytes]) -> list[tuple[int, bytes] | CannotLook]:
        """Send all and read their answers, each with its number, in order.

        Shorter than the questions where one ended PowerShell: that one's reason is the last, and
        the others may be asked again. Empty where it cannot be started.
        """
        said: list[tuple[int, bytes] | CannotLook] = []
        try:
            child = self._running()
        except CannotLook:
            return said
        first = self._asked + 1
        self._asked += len(questions)
        lines = b"".join(answers.numbered(one, first + n) for n, one in enumerate(questions))
        try:
            assert child.stdin is not None  # noqa: S101  (whoever starts it gives pipes)
            child.stdin.write(lines)
            child.stdin.flush()
            while len(said) < len(questions):
                said.append((first + len(said), self._line()))
        except OSError:
            self.close()
            said.append(CannotLook("crashed", "PowerShell ended"))
        except CannotLook as blind:
            said.append(blind)
        return said

    def _exchanged(self, asked: bytes) -> bytes:
        child = self._running()
        try:
            assert child.stdin is not None  # noqa: S101  (whoever starts it gives pipes)
            child.stdin.write(asked)
            child.stdin.flush()
        except OSError as error:
            self.close()
            raise CannotLook("crashed", "PowerShell ended") from error
        return self._line()

    def close(self) -> None:
        """End it, whatever it is doing."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass  # what it never read goes with it

    def _running(self) -> "Child | subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        if self._starts == STARTS:
            raise CannotLook("timeout", "PowerShell was stopped too often")
        self._starts += 1
        self._lines = queue.Queue()
        self._child = self._start()
        threading.Thread(target=_carry, args=(self._child, self._lines), daemon=True).start()
        try:
            self.mode = msgspec.json.decode(self._line(), type=Mode)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.close()
            raise CannotLook("parse-error", "PowerShell began with something else") from error
        return self._child

    def _line(self) -> bytes:
        try:
            line = self._lines.get(timeout=self._seconds)
        except queue.Empty as error:
            self.close()
            raise CannotLook("timeout", "PowerShell") from error
        if len(line) > answers.LINE_LIMIT:
            self.close()
            raise CannotLook("too-large", "PowerShell")
        if not line:
            self.close()
            raise CannotLook("crashed", "PowerShell ended")
        return line


def _carry(child: "Child | subprocess.Popen[bytes]", lines: "queue.Queue[bytes]") -> None:
    """Pipes cannot be waited for with a timeout on Windows; a thread can. Ends with an empty
    line."""
    assert child.stdout is not None  # noqa: S101  (whoever starts it gives pipes)
    try:
        while line := child.stdout.readline(answers.LINE_LIMIT + 2):
            lines.put(line.strip() or b" ")
            if len(line) > answers.LINE_LIMIT:
                break
    except (OSError, ValueError):
        pass  # closed under us: it was ended
    lines.put(b"")
