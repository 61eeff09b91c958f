"""What is handed to the writer thread: what was sent and a place to wait for the answer.

A request waits on its event loop, other threads wait on a lock. A whole group is answered with one
call into the loop, so that a hundred requests cost one wake-up and not a hundred.
"""

import asyncio
import threading
from collections.abc import Sequence
from typing import Literal

from controller.intake.outcomes import Outcome, Refused
from wire import dsse

Kind = Literal["report", "enrol", "rekey", "readmit", "standing", "section", "policy", "verdicts"]


class Job:
    """One request on its way through the writer. `name` is an id or a digest, by kind."""

    __slots__ = (
        "_done",
        "_future",
        "address",
        "body",
        "digest",
        "kind",
        "name",
        "outcome",
        "parsed",
        "payload",
    )

    def __init__(
        self,
        kind: Kind,
        *,
        parsed: dsse.Parsed | None = None,
        body: bytes = b"",
        digest: str = "",
        name: str = "",
        address: str = "",
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """`digest` is that of the envelope that was `parsed`, or of `body`; `address` is where it
        came from, for limits on failures only; `loop` is that of the task which will wait, None for
        a thread."""
        self.kind = kind
        self.parsed = parsed
        self.body = body
        self.digest = digest
        self.name = name
        self.address = address
        self.payload: object = None
        self.outcome: Outcome = Refused("busy")
        self._future: asyncio.Future[None] | None = None
        self._done: threading.Lock | None = None
        if loop is not None:
            self._future = loop.create_future()
        else:
            # A bare lock is the cheapest thing two threads can meet at: freed by `finish`.
            self._done = threading.Lock()
            self._done.acquire()

    def give(self, outcome: Outcome) -> "asyncio.Future[None] | None":
        """Set the answer and wake the thread that waits; or the future its loop has to resolve."""
        self.outcome = outcome
        if self._done is not None:
            self._done.release()
        return self._future

    def wait(self, seconds: float) -> Outcome:
        """The answer, for a thread; "busy" when none came in time."""
        assert self._done is not None  # noqa: S101  made without a loop
        return self.outcome if self._done.acquire(timeout=seconds) else Refused("busy")

    async def answer(self, seconds: float) -> Outcome:
        """The answer, for a task; "busy" when none came in time (what was sent is sent again)."""
        assert self._future is not None  # noqa: S101  made with a loop
        try:
            async with asyncio.timeout(seconds):
                await self._future
        except TimeoutError:
            return Refused("busy")
        return self.outcome


def finish(jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
    """Give the answers; only ever after the commit that makes them true."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        if (future := job.give(outcome)) is not None:
            loops.setdefault(future.get_loop(), []).append(future)
    for loop, futures in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, futures)
        except RuntimeError:
            pass  # the loop has ended, and with it whoever waited


def _resolve(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():  # who has gone, or waited too long, is not told
            future.set_result(None)
