"""What request threads hand to the writer thread: raw bytes and a place to wait for the answer."""

import threading
from typing import Literal

from controller.intake.outcomes import Outcome, Refused

Kind = Literal["report", "enrol", "standing", "section", "verdicts"]


class Job:
    """One request on its way through the writer. `name` is a device id or a digest, by kind."""

    __slots__ = ("_done", "address", "body", "digest", "kind", "name", "outcome", "payload")

    def __init__(
        self, kind: Kind, *, body: bytes = b"", digest: str = "", name: str = "", address: str = ""
    ) -> None:
        """`digest` is that of `body`; `address` is where it came from, for limits on failures
        only."""
        self.kind = kind
        self.body = body
        self.digest = digest
        self.name = name
        self.address = address
        self.payload: object = None
        self.outcome: Outcome = Refused("busy")
        # A bare lock is the cheapest thing two threads can meet at: taken here, freed by `finish`.
        self._done = threading.Lock()
        self._done.acquire()

    def finish(self, outcome: Outcome) -> None:
        """Give the answer; only ever after the commit that makes it true."""
        self.outcome = outcome
        self._done.release()

    def wait(self, seconds: float) -> Outcome:
        """The answer; "busy" when none came in time (what was sent is then sent again)."""
        return self.outcome if self._done.acquire(timeout=seconds) else Refused("busy")
