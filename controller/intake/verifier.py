"""Has reports verified: a few here, a storm of them in a process of its own, while the writer
commits what came before (A6).

The process is started by the first storm and is never needed: where it cannot be started or dies,
the work is done here.
"""

import logging
import os
import sys
import time
from collections.abc import Sequence
from typing import Final

import msgspec

from controller.intake.verified import Question, Reading, read
from controller.pipes.child import Child, ChildDiedError

log = logging.getLogger("caretaker.intake")

COMPANY: Final = 16
"""Reports that are worth the way through two pipes."""
PATIENCE_SECONDS: Final = 30.0
REST_SECONDS: Final = 60.0
"""Before a process that ended is tried again."""

_DECODER: Final = msgspec.msgpack.Decoder(list[Reading])


class Verifier:
    """For the writer thread: `ask`, then `answers`, one group at a time."""

    def __init__(self) -> None:
        """Nothing started."""
        self._child = Child("controller.intake.verifying", patience_seconds=PATIENCE_SECONDS)
        self._questions: Sequence[Question] = ()
        self._away = False
        """Whether the questions were handed over."""
        self._not_before = float("-inf") if _processors() > 1 else float("inf")

    def ask(self, questions: Sequence[Question]) -> None:
        """Begin with a group."""
        self._questions = questions
        self._away = False
        if len(questions) < COMPANY or time.monotonic() < self._not_before:
            return
        try:
            self._child.send(questions)
            self._away = True
        except ChildDiedError:
            self._rest()

    def answers(self) -> list[Reading]:
        """One for each question of the group, in order."""
        if self._away:
            self._away = False
            try:
                return _DECODER.decode(self._child.receive())
            except ChildDiedError:
                self._rest()
        return [read(question) for question in self._questions]

    def close(self) -> None:
        """End the process."""
        self._child.close()

    def _rest(self) -> None:
        log.warning("code=verifying_process_ended")
        self._not_before = time.monotonic() + REST_SECONDS


def _processors() -> int:
    """As many as we may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
