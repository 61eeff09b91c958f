"""The running server looks at itself every few minutes, writes down what it found, and puts a
change for the worse or the better into each school's ledger (O24)."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from django.db import transaction

from controller.clockdoubt import ClockWatch, steady
from controller.selfcheck import database, everything, record
from controller.selfcheck.findings import Finding, not_well
from inventory import queries as register
from inventory.ledger import services as ledger

log = logging.getLogger("caretaker.selfcheck")

EVERY_SECONDS: Final = 300.0
DEEP_SECONDS: Final = 20 * 3_600.0


class SelfWatch:
    """For one serving process."""

    def __init__(self, data: Path, waiting: Callable[[], int]) -> None:
        """`waiting` says how many reports wait to be stored."""
        self._data = data
        self._waiting = waiting
        self._clock = ClockWatch(data, database.fleet_agrees)
        self._looked_at = self._deep_at = float("-inf")
        self._deep: list[Finding] = []

    def turn(self, at: int) -> None:
        """The clock each time; the rest when it is due."""
        self._clock.turn(at, steady())
        now = time.monotonic()
        if now - self._looked_at < EVERY_SECONDS:
            return
        self._looked_at = now
        if now - self._deep_at >= DEEP_SECONDS:
            self._deep_at, self._deep = now, list(database.deep(self._data, at))
        waiting = self._waiting()
        found = everything.look(self._data, at, deep=self._deep, waiting=waiting)
        note(self._data, found, at, waiting)


def note(data: Path, found: list[Finding], at: int, waiting: int) -> None:
    """Keep what was found; what changed goes to the log and to each school's ledger."""
    before = record.load(data, at)
    old = {one.code for one in not_well(before.findings)} if before else set[str]()
    new = {one.code for one in not_well(found)}
    if old != new:
        for one in not_well(found):
            log.warning("code=self_%s %s", one.code, one.sentence)
        with transaction.atomic():
            for site in register.site_ids():
                ledger.append(
                    site_id=site,
                    at=at,
                    actor=ledger.SYSTEM,
                    verb="controller.finding",
                    subject=site,
                    before={"codes": sorted(old)},
                    after={"codes": sorted(new)},
                )
    record.save(data, record.Record(at, found, waiting))
