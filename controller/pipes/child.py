"""The handle on a process that answers: one question, one answer; one that died starts again.

It gets no environment, no arguments of ours and no file but its two pipes, and Python runs
isolated, so what lies in the working folder cannot become part of it.
"""

import subprocess
import sys
import threading

from controller.pipes import framing


class ChildDiedError(Exception):
    """The process ended before it had answered."""


class Child:
    """For one thread. Trap: who sends a second question before the first is answered may wait for
    ever, as the child does at the other end."""

    def __init__(self, module: str, *, patience_seconds: float) -> None:
        """Runs `python -m module`, started with the first question; one that takes longer to answer
        than `patience_seconds` is ended."""
        self.command = [sys.executable, "-I", "-P", "-m", module]
        self._patience = patience_seconds
        self.process: subprocess.Popen[bytes] | None = None
        """None until it was asked, and after it ended."""
        self._watch: threading.Timer | None = None

    def send(self, question: object) -> None:
        """Ask. Raises ChildDiedError."""
        process = self._started()
        self._watch = threading.Timer(self._patience, process.kill)
        self._watch.daemon = True
        self._watch.start()
        try:
            if process.stdin is not None:
                framing.send(process.stdin, question)
        except OSError as error:
            self._reap()
            raise ChildDiedError from error

    def receive(self) -> bytes:
        """Wait for the answer. Raises ChildDiedError."""
        process = self.process
        try:
            frame = framing.receive(process.stdout) if process and process.stdout else None
        except (OSError, EOFError) as error:
            self._reap()
            raise ChildDiedError from error
        self._relax()
        if frame is None:
            self._reap()
            raise ChildDiedError
        return frame

    def close(self) -> None:
        """End the process."""
        self._relax()
        process, self.process = self.process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # it died with a question half asked
        process.wait()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            try:
                self.process = subprocess.Popen(
                    self.command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env={},
                    close_fds=True,
                    process_group=0,  # Ctrl-C in a terminal is the server's to answer
                )
            except OSError as error:
                raise ChildDiedError from error
        return self.process

    def _relax(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _reap(self) -> None:
        if self.process is not None:
            self.process.kill()
        self.close()
