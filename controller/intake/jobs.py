"""What is handed to the writer thread: what was sent and a place to wait for the answer.

A request waits on its event loop, other threads wait on a lock. A whole group is answered with one
call into the loop, so that a hundred requests cost one wake-up and not a hundred. Answers are
signed before that, where they come about.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from controller.intake.outcomes import Outcome, Refused
from wire import dsse

if TYPE_CHECKING:
    from controller.intake.answers import Answer

log = logging.getLogger("caretaker.intake")

Kind = Literal[
    "report",
    "enrol",
    "rekey",
    "readmit",
    "standing",
    "section",
    "policy",
    "scope",
    "credentials",
    "checkpoint",
    "verdicts",
]

Form = Literal["plain", "gzip", "frame"]
"""How an envelope travels: as JSON, as JSON in gzip, or as `wire.frame` packs it."""

LOOKS: Final = 12
"""Times a request that waits too long was looked at."""


class Job:
    """One request on its way through the writer. `name` is an id or a digest, by kind."""

    __slots__ = (
        "_done",
        "_seal",
        "address",
        "answer",
        "body",
        "digest",
        "form",
        "future",
        "kind",
        "name",
        "outcome",
        "packed",
        "parsed",
        "payload",
    )

    def __init__(
        self,
        kind: Kind,
        *,
        parsed: dsse.Parsed | None = None,
        body: bytes = b"",
        form: Form | None = None,
        digest: str = "",
        name: str = "",
        address: str = "",
        seal: "Callable[[Outcome, str], Answer] | None" = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """`body` is an envelope still to be opened when it has a `form`, else a section; `digest`
        is that of the envelope that was `parsed`, or of a section; `address` is where it came from,
        for limits on failures only; `seal` signs the outcome of a request with a digest; `loop` is
        that of the task which will wait, None for a thread."""
        self.kind = kind
        self.parsed = parsed
        self.packed = b""
        """The envelope as it may be kept, if it came so."""
        self.body = body
        self.form = form
        self.digest = digest
        self.name = name
        self.address = address
        self._seal = seal
        self.answer: Answer | None = None
        """The outcome, sealed; None until then, and for a thread."""
        self.payload: object = None
        self.outcome: Outcome = Refused("busy")
        self.future: asyncio.Future[None] | None = None
        self._done: threading.Lock | None = None
        if loop is not None:
            self.future = loop.create_future()
        else:
            # A bare lock is the cheapest thing two threads can meet at: freed by `finish`.
            self._done = threading.Lock()
            self._done.acquire()

    def give(self, outcome: Outcome) -> None:
        """Set the outcome and seal it; wake the thread that waits. A task is woken by `finish`."""
        self.outcome = outcome
        if self._seal is not None:
            self.answer = self._seal(outcome, self.digest)
        if self._done is not None:
            self._done.release()

    def wait(self, seconds: float) -> Outcome:
        """The answer, for a thread; "busy" when none came in time."""
        assert self._done is not None  # noqa: S101  made without a loop
        return self.outcome if self._done.acquire(timeout=seconds) else Refused("busy")


class Waiting:
    """The requests of one event loop that wait for the writer. It looks after all of them at once:
    a timer for each would cost a tenth of what a report costs."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is the longest that one waits."""
        self._pause = seconds / LOOKS
        self._fresh: list[asyncio.Future[None]] = []
        self._older: deque[list[asyncio.Future[None]]] = deque([[]] * (LOOKS - 2))
        self._watch: asyncio.Task[None] | None = None

    async def answer(self, job: Job) -> "Answer | None":
        """The sealed answer; None when none came in time (what was sent is sent again)."""
        assert job.future is not None  # noqa: S101  made with a loop
        self._fresh.append(job.future)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        await job.future
        return job.answer

    async def _look(self) -> None:
        while self._fresh or any(self._older):
            await asyncio.sleep(self._pause)
            self.turn()

    def turn(self) -> None:
        """End the oldest, let everybody else grow older."""
        self._older.append(self._fresh)
        self._fresh = []
        _resolve(self._older.popleft())
        self._older = deque([one for one in turn if not one.done()] for turn in self._older)


def finish(jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
    """Give the answers; only ever after the commit that makes them true."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        try:
            job.give(outcome)
        except Exception:
            # The command loop of intake, as in the writer: an answer that cannot be signed must not
            # end the thread that serves everybody. Who waits is told "busy" and asks again.
            log.exception("code=intake_answer_failed kind=%s", job.kind)
        if job.future is not None:
            loops.setdefault(job.future.get_loop(), []).append(job.future)
    for loop, futures in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, futures)
        except RuntimeError:
            pass  # the loop has ended, and with it whoever waited


def _resolve(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():  # who has gone, or waited too long, is not told
            future.set_result(None)
