"""The writer's work by kind of job: reports as one batch, the rest one after another, all in one
transaction."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from django.db import connection

from controller.intake import bodies, reports, scanners
from controller.intake.jobs import Job, Kind
from controller.intake.joining import Joining
from controller.intake.keybook import KeyBook
from controller.intake.opening import open_all
from controller.intake.outcomes import Noted, Offered, Outcome, Refused, RefusedError, Stored
from controller.intake.plan import Arrival
from controller.intake.postgres import PostgresStore
from controller.intake.rates import Rates
from controller.intake.readmitting import Readmitting
from controller.intake.rekeying import Rekeying
from controller.intake.store import SqliteStore, Store
from controller.intake.verified import Question
from controller.intake.verifier import Verifier
from controller.judging.apply import apply
from controller.judging.policies import SitePolicies
from inventory.ledger import checkpoints

_ASKED_FOR: Final[frozenset[Kind]] = frozenset({"policy", "checkpoint", "scope", "credentials"})


class IntakeRoom:
    """For one writer thread."""

    def __init__(self, data: Path) -> None:
        """`data` holds the keys."""
        self._rates = Rates()
        self._book = KeyBook()
        self._verifier = Verifier()
        self._mine: list[Job] = []
        self._asked: list[Question | None] = []
        """Of the group that was begun last: its reports, and what is to be found out of each."""
        self.joining = Joining(data, self._rates)
        self._rekeying = Rekeying(self._book, self._rates)
        self._readmitting = Readmitting(data)
        self._policies = SitePolicies()
        self._store = store_for(connection.vendor, self._policies, scanners.Scanners())
        self.nudge: Callable[[], None] = lambda: None
        """Called after a commit that may have made judging due."""

    def begin(self, jobs: Sequence[Job]) -> None:
        """Open what was posted, and have the reports verified; a framed one is opened by whoever
        verifies it."""
        open_all([job for job in jobs if not reports.is_framed(job)])
        self._mine = [job for job in jobs if job.kind == "report" and job.payload is None]
        self._asked = reports.ask(self._mine, self._book) if self._mine else []
        self._verifier.ask([question for question in self._asked if question is not None])

    def prepare(self, at: int) -> None:
        """Decode the reports of the group that was begun last."""
        answers = iter(self._verifier.answers())
        readings = [None if question is None else next(answers) for question in self._asked]
        arrivals = [
            reports.arrive(job, reading, self._book, at)
            for job, reading in zip(self._mine, readings, strict=True)
        ]
        for job, one in zip(self._mine, reports.limit(arrivals, self._rates, at), strict=True):
            job.payload = one

    def handle(self, jobs: Sequence[Job], at: int) -> list[Outcome]:
        """Answer each job, in order."""
        verified = [job.payload for job in jobs if job.kind == "report"]
        stored = iter(
            reports.store([v for v in verified if isinstance(v, Arrival | Refused)], self._store)
        )
        return [next(stored) if job.kind == "report" else self._other(job, at) for job in jobs]

    def _other(self, job: Job, at: int) -> Outcome:
        return job.payload if isinstance(job.payload, Refused) else self._one(job, at)

    def _one(self, job: Job, at: int) -> Outcome:
        try:
            if job.kind == "enrol":
                return self.joining.enrol(job, at)
            if job.kind == "rekey":
                return self._rekeying.rekey(job, at)
            if job.kind == "readmit":
                return self._readmitting.readmit(job, at)
            if job.kind == "standing":
                return self.joining.standing(job, at)
            if job.kind == "section":
                return self._section(job, at)
            if job.kind in _ASKED_FOR:
                return self._asked_for(job.kind, job.name)
        except RefusedError as error:
            return error.refused
        if isinstance(job.payload, list):
            apply(job.payload, at)
        return Stored()

    def _asked_for(self, kind: Kind, name: str) -> Outcome:
        """What anybody may have of a school, and what who can name it may have."""
        if kind == "checkpoint":
            return Noted(checkpoints.newest_note(name))
        if kind == "scope":
            return scanners.scope(name)
        if kind == "credentials":
            return scanners.credentials(name)
        return Offered(self._policies.envelope(name), self._policies.offered(name))

    def _section(self, job: Job, at: int) -> Outcome:
        """Only what was stored counts: who sends a body names a device and proves nothing."""
        if (wait := self._rates.full(job.name, at)) is not None:
            raise RefusedError("slow_down", retry_after_seconds=wait)
        outcome = bodies.take(job, at)
        self._rates.stored(job.name, len(job.body), at)
        return outcome

    def done(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        """Wake the judge; it looks by itself whether anything is due."""
        self._store.witness.committed()
        if self._store.made_due or any(job.kind == "section" for job in jobs):
            self._store.made_due = False
            self.nudge()

    def close(self) -> None:
        """End the process that verifies."""
        self._verifier.close()


def store_for(vendor: str, policies: SitePolicies, named: scanners.Scanners) -> Store:
    """The store that fits the database in use."""
    if vendor == "postgresql":
        return PostgresStore(policies, named)
    return SqliteStore(policies, named)
