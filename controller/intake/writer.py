"""The one thread that verifies, decodes and commits, in groups (A6).

While a group is being committed the next one gathers by itself, so there is no waiting for company:
a lone report is committed at once, a storm in groups of hundreds; and in a storm another process
verifies one group while the one before is committed. An answer is given only after the commit that
makes it true. When a group fails, it is rolled back and every job is tried alone, so one bad job
never takes others with it.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final, Protocol

from django.db import OperationalError, connection, transaction

from controller import clock
from controller.intake.jobs import Job, finish
from controller.intake.outcomes import Outcome, Refused

log = logging.getLogger("caretaker.intake")

GROUP: Final = 256
QUEUE: Final = 2_048
HELD_BYTES: Final = 64 * 1024 * 1024
"""Of bodies that wait: a queue full of the largest would be a gigabyte."""
STORM: Final = 150
"""Jobs a second from which on other work waits. Agents that each wait for their answer leave the
queue empty between two groups, so its length says nothing about the rate."""
QUIET_SECONDS: Final = 900
"""What a computer that was served in a storm is asked to stay away at least; it bounds that itself
(O27)."""
BUSY: Final = Refused("busy", retry_after_seconds=30)
_LOCKED: Final = "database is locked"
"""What SQLite says, and our own queue for it (`controller.db`)."""


class Room(Protocol):
    """What does the work of a group."""

    def begin(self, jobs: Sequence[Job]) -> None:
        """Begin with a group: hand over what another process may do for it."""
        ...

    def prepare(self, at: int) -> None:
        """Do what else needs no transaction, for the group that was begun last: nothing is
        committed from then on before that group."""
        ...

    def handle(self, jobs: Sequence[Job], at: int) -> list[Outcome]:
        """Do the work of all jobs inside the open transaction; one outcome each."""
        ...

    def done(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        """Called after the commit."""
        ...

    def close(self) -> None:
        """Called when no more will come."""
        ...


class QueueFullError(Exception):
    """More waits than can be worked off in a sensible time."""


class _OthersWriteError(Exception):
    """A large import, say, has SQLite's one place to write."""


class Writer:
    """A bounded queue and the thread that empties it."""

    def __init__(self, room: Room, *, bound: int = QUEUE) -> None:
        """Not started yet."""
        self._room = room
        self._bound = bound
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        """None, the last, says that no more will come."""
        self._stopping = False
        # Bytes of bodies: one is counted by the event loop only, the other by the writer only.
        self._came, self._went = 0, 0
        self._since, self._taken, self._rate = time.monotonic(), 0, 0.0
        self._thread = threading.Thread(target=self._run, name="caretaker-writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._stopping = True
        self._waiting.put(None)
        self._thread.join()

    def submit(self, job: Job) -> None:
        """Put a job in the queue. Raises QueueFullError."""
        held = self._came - self._went
        if self._waiting.qsize() >= self._bound or held > HELD_BYTES or self._stopping:
            raise QueueFullError
        self._came += len(job.body)
        self._waiting.put(job)

    def waiting(self) -> int:
        """How many jobs wait."""
        return self._waiting.qsize()

    def is_busy(self) -> bool:
        """Whether a storm is on: more than STORM jobs in this second or the one before."""
        if time.monotonic() - self._since > 2:
            return False
        return max(self._rate, self._taken) > STORM

    def pace(self) -> int | None:
        """Seconds a computer that was just served is asked to stay away: more the more wait, None
        when nothing presses (O27)."""
        if not self.is_busy():
            return None
        return QUIET_SECONDS * (1 + 3 * self._waiting.qsize() // self._bound)

    def work(self, group: list[Job]) -> list[Outcome]:
        """Do the whole work of a group, with no other beside it."""
        if self._begin(group) and self._prepare(group):
            return self._commit_all(group)
        return [BUSY] * len(group)

    def _run(self) -> None:
        ready: list[Job] = []
        while True:
            group = self._next_group(wait=not ready)
            begun = self._begin(group)
            if ready:
                finish(ready, self._commit_all(ready))
            elif not group:
                break
            if begun and self._prepare(group):
                ready = group
            else:
                finish(group, [BUSY] * len(group))
                ready = []
        self._room.close()
        connection.close()

    def _next_group(self, *, wait: bool) -> list[Job]:
        """Whatever waits by now; nothing if that is nothing, or the end was reached."""
        group: list[Job] = []
        if wait or not self._waiting.empty():
            job = self._waiting.get()
            while job is not None:
                group.append(job)
                if len(group) == GROUP or self._waiting.empty():
                    break
                job = self._waiting.get()
            if job is None:
                self._waiting.put(None)  # for the next time
        self._went += sum(len(job.body) for job in group)
        self._count(len(group))
        return group

    def _count(self, jobs: int) -> None:
        now = time.monotonic()
        if (passed := now - self._since) >= 1:
            self._rate, self._taken, self._since = self._taken / passed, 0, now
        self._taken += jobs

    def _begin(self, group: list[Job]) -> bool:
        return self._safely(group, lambda: self._room.begin(group))

    def _prepare(self, group: list[Job]) -> bool:
        return self._safely(group, lambda: self._room.prepare(clock.now()))

    def _safely(self, group: list[Job], work: Callable[[], None]) -> bool:
        """Whether it worked."""
        try:
            work()
        except Exception:
            # The command loop of intake: this one thread serves every agent, so whatever went wrong
            # is written down, answered "busy" (agents keep what they sent), and the loop goes on.
            log.exception("code=intake_prepare_failed jobs=%d", len(group))
            connection.close()
            return False
        return True

    def _commit_all(self, group: list[Job]) -> list[Outcome]:
        at = clock.now()
        try:
            outcomes = self._commit(group, at)
            if outcomes is None and len(group) > 1:
                alone = [self._commit([job], at) for job in group]
                return [one[0] if one else BUSY for one in alone]
        except _OthersWriteError:
            return [BUSY] * len(group)
        return outcomes or [BUSY] * len(group)

    def _commit(self, group: list[Job], at: int) -> list[Outcome] | None:
        """One transaction; None when it failed and nothing of it is stored. Raises
        _OthersWriteError where somebody else writes for longer than a write waits."""
        try:
            with transaction.atomic():
                outcomes = self._room.handle(group, at)
        except OperationalError as error:
            log.exception("code=intake_commit_failed jobs=%d", len(group))
            connection.close()
            if _LOCKED in str(error):
                # Each job alone would wait as long again, and agents give up after 30 seconds.
                raise _OthersWriteError from error
            return None
        except Exception:
            # As above. The group is replayed one by one, and only the job that fails alone is
            # refused.
            log.exception("code=intake_commit_failed jobs=%d", len(group))
            connection.close()  # whatever state it was left in, the next one is fresh
            return None
        self._room.done(group, outcomes)
        return outcomes
