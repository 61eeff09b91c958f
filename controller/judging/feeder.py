"""The thread between database, judging process and writer: looks what is due, has it judged, hands
changes back.

What is due is a column, set in the transaction of the facts, so nothing is forgotten in a crash and
another process (the command line, the nightly round) can ask for judging by setting it. Reports
only wake the thread early.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from django.db import connection

from checks.catalogue import catalogue
from controller import clock
from controller.judging.cases import due, gather
from controller.judging.messages import Judged, failed
from controller.judging.policies import SitePolicies
from controller.judging.process import JudgingProcess
from controller.judging.watch import NightClosing, mark_outdated
from controller.software import reading

log = logging.getLogger("caretaker.judging")

BATCH: Final = 100
LOOK_EVERY_SECONDS: Final = 2.0
CLOSING_EVERY_SECONDS: Final = 30.0
PATIENCE_SECONDS: Final = 5.0
"""How long a batch waits for intake: in a storm of reports verdicts still move, 20 a second."""
BUSY_LOOK_SECONDS: Final = 0.05

Deliver = Callable[[Sequence[Judged]], bool]
"""Takes verdicts and returns once they are committed; False when they are not (they stay due)."""


def judge_batch(process: JudgingProcess, policies: SitePolicies, deliver: Deliver) -> int:
    """Judge up to BATCH devices that are due; how many were brought up to date."""
    ids = due(BATCH)
    if not ids:
        return 0
    cases, hopeless = gather(ids, policies, clock.now())
    judged = [*process.judge(cases), *hopeless]
    for one in judged:
        if one.failed:
            log.error("code=judging_failed device=%s reason=%s", one.device, one.failed)
    if not judged:
        return 0
    return len(judged) if deliver(judged) else _deliver_alone(judged, deliver)


def _deliver_alone(judged: Sequence[Judged], deliver: Deliver) -> int:
    """One device's verdicts may be what the database will not take: it must not hold up others."""
    delivered = 0
    for one in judged:
        if deliver([one]):
            delivered += 1
        elif not one.failed:
            log.error("code=verdicts_refused device=%s", one.device)
            deliver([failed(one.device, one.turn, one.seq, "the database refused its verdicts")])
    return delivered


class Feeder:
    """Judges behind the 202 for as long as the process serves."""

    def __init__(
        self,
        deliver: Deliver,
        *,
        busy: Callable[[], bool] = lambda: False,
        closes_nights: bool = False,
        watch: Callable[[int], object] = bool,
    ) -> None:
        """Not started yet. While `busy`, judging lets intake go first, but not for ever. `watch`
        is what else is done by the clock, before a night is closed."""
        self._deliver = deliver
        self._busy = busy
        self._watch = watch
        self._closing = NightClosing() if closes_nights else None
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="caretaker-judging", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and the process."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def nudge(self) -> None:
        """Something may be due."""
        self._news.set()

    def _run(self) -> None:
        process, policies = JudgingProcess(), SitePolicies()
        closing_at = float("-inf")
        upgraded = caught_up = False
        while not self._stopping.is_set():
            try:
                if not upgraded:
                    mark_outdated(catalogue().hash)
                    upgraded = True
                if self._closing and time.monotonic() - closing_at >= CLOSING_EVERY_SECONDS:
                    closing_at = time.monotonic()
                    self._watch(clock.now())
                    self._closing.turn(clock.now())
                if self._work_off(process, policies) or not caught_up:
                    reading.catch_up(clock.now())
                    caught_up = True
            except Exception:
                # The command loop of judging: a database that is away or a bug must not end
                # verdicts for good.
                log.exception("code=judging_loop_failed")
                connection.close()
            self._news.wait(LOOK_EVERY_SECONDS)
            self._news.clear()
        process.close()
        connection.close()

    def _work_off(self, process: JudgingProcess, policies: SitePolicies) -> int:
        """Judge what is due; how many that was."""
        judged = 0
        while not self._stopping.is_set():
            self._let_others_first()
            batch = judge_batch(process, policies, self._deliver)
            if not batch:
                break
            judged += batch
        return judged

    def _let_others_first(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._busy() and time.monotonic() < deadline and not self._stopping.is_set():
            time.sleep(BUSY_LOOK_SECONDS)
