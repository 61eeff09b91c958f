"""The handle on the judging process: one question, one answer; a process that died is started
again.

It gets no environment, no arguments of ours and no file but its two pipes, and Python runs
isolated, so what lies in the working folder cannot become part of it.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from controller.judging import messages
from controller.judging.messages import Case, Judged, failed

_COMMAND: Final = ("-I", "-P", "-m", "controller.judging.child")
_DIED: Final = "the judging process ended while it looked at this computer"
PATIENCE_SECONDS: Final = 60.0
"""For one answer; an honest one takes a second at most. What one computer sends must not keep all
others from being judged, so a process that takes longer is ended and its cases are judged alone."""
_DECODER = msgspec.msgpack.Decoder(list[Judged])


class JudgeDiedError(Exception):
    """The process ended while it was judging this case."""


class JudgingProcess:
    """For one thread."""

    def __init__(self) -> None:
        """Started with the first question."""
        self._process: subprocess.Popen[bytes] | None = None

    def judge(self, cases: Sequence[Case]) -> list[Judged]:
        """Judge each; one that kills the process is answered with `failed` and no verdicts."""
        answers: list[Judged] = []
        for together in _frames(cases):
            try:
                answers += self._ask(together)
            except JudgeDiedError:
                answers += [self._alone(case) for case in together]
        return answers

    def _alone(self, case: Case) -> Judged:
        try:
            return self._ask([case])[0]
        except JudgeDiedError:
            return failed(case.device, case.turn, case.seq, _DIED)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # it died with a question half asked
        process.wait()

    def _ask(self, cases: list[Case]) -> list[Judged]:
        process = self._started()
        if process.stdin is None or process.stdout is None:
            raise JudgeDiedError
        watch = threading.Timer(PATIENCE_SECONDS, process.kill)
        watch.daemon = True
        watch.start()
        try:
            messages.send(process.stdin, cases)
            frame = messages.receive(process.stdout)
        except (OSError, EOFError) as error:
            self._reap()
            raise JudgeDiedError from error
        finally:
            watch.cancel()
        if frame is None:
            self._reap()
            raise JudgeDiedError
        return _DECODER.decode(frame)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, *_COMMAND],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={},
                close_fds=True,
                process_group=0,  # Ctrl-C in a terminal is the server's to answer, which ends it
            )
        return self._process

    def _reap(self) -> None:
        if self._process is not None:
            self._process.kill()
            self.close()


def _frames(cases: Sequence[Case]) -> Iterator[list[Case]]:
    together: list[Case] = []
    size = 0
    for case in cases:
        more = sum(len(section.body) for section in case.sections)
        if together and size + more > messages.TOGETHER:
            yield together
            together, size = [], 0
        together.append(case)
        size += more
    if together:
        yield together
