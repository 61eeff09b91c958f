"""How hard the round may press: so many questions a second of each kind, one at a time to any one
thing, and no more of anybody's time than its budget (network.md §4).

Small devices answer badly, or fall over, when hurried. The clock is handed in, in seconds that only
go forward; nothing here sleeps unless it is told how. Safe among threads.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal

import msgspec

from agent.survey.worker.pacing import Bucket

Kind = Literal["snmp", "ssh", "service"]
RATES: Final[Mapping[Kind, float]] = {"snmp": 200.0, "ssh": 5.0, "service": 10.0}
"""Of all things together, each second."""


class Budget(msgspec.Struct, frozen=True):
    """What one thing may cost in one round."""

    seconds: float = 30.0
    questions: int = 1_000
    rows: int = 2_000


class BudgetError(Exception):
    """The thing has had its share (`Problem.code` "budget"); what is missing was not looked at."""


class Pace:
    """One for a whole round."""

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        rates: Mapping[Kind, float] = RATES,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._buckets = {kind: Bucket(rate) for kind, rate in rates.items()}
        self._busy: dict[str, threading.Lock] = {}
        self._turns: dict[str, Turn] = {}
        self._ends: float | None = None

    def ends_in(self, seconds: float) -> None:
        """From then on nothing is asked, whatever becomes of anybody's clock on the wall."""
        self._ends = self._clock() + seconds

    def is_over(self) -> bool:
        """Whether its time has come."""
        return self._ends is not None and self._clock() >= self._ends

    def due(self, kind: Kind) -> float:
        """0: ask now, it is counted. Else seconds after which to come again. Never sleeps."""
        with self._lock:
            now = self._clock()
            return 0.0 if self._buckets[kind].take(now) else self._buckets[kind].wait(now)

    def wait(self, kind: Kind) -> None:
        """Sleep until it may be asked."""
        while seconds := self.due(kind):
            self._sleep(seconds)

    @contextmanager
    def target(self, address: str, budget: Budget | None = None) -> Iterator["Turn"]:
        """Have one thing to oneself; whoever else wants it waits. What it has cost so far, also in
        earlier turns, counts against the first budget given for it."""
        with self._lock:
            busy = self._busy.setdefault(address, threading.Lock())
        with busy:
            with self._lock:
                turn = self._turns.setdefault(address, Turn(self, budget or Budget()))
            began = self._clock()
            turn.begin(began)
            try:
                yield turn
            finally:
                turn.end(self._clock())

    def now(self) -> float:
        """The clock."""
        return self._clock()


class Turn:
    """What one thing has cost, and may."""

    def __init__(self, pace: Pace, budget: Budget) -> None:
        self._pace, self._budget = pace, budget
        self._spent = 0.0
        self._began: float | None = None
        self.questions = 0
        self.rows = 0

    def begin(self, now: float) -> None:
        """Its time runs."""
        self._began = now

    def end(self, now: float) -> None:
        """Its time stands still."""
        self._spent = self._taken(now)
        self._began = None

    def left(self) -> float:
        """Seconds it may still take; what a question may be given as its time-out."""
        return max(0.0, self._budget.seconds - self._taken(self._pace.now()))

    def due(self, kind: Kind) -> float:
        """As `Pace.due`, counted for this thing. Raises BudgetError."""
        self._check()
        seconds = self._pace.due(kind)
        if not seconds:
            self.questions += 1
        return seconds

    def ask(self, kind: Kind) -> None:
        """Sleep until it may be asked once more. Raises BudgetError."""
        self._check()
        self._pace.wait(kind)
        self.questions += 1

    def got(self, rows: int) -> None:
        """So many rows came back. Raises BudgetError when that is more than a school's things have:
        one that answers for ever."""
        self.rows += rows
        if self.rows > self._budget.rows:
            raise BudgetError("rows")

    def _check(self) -> None:
        if self._pace.is_over():
            raise BudgetError("hours")
        if self.questions >= self._budget.questions:
            raise BudgetError("questions")
        if not self.left():
            raise BudgetError("seconds")

    def _taken(self, now: float) -> float:
        return self._spent + (0.0 if self._began is None else now - self._began)
