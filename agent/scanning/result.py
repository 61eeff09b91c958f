"""What every scanner takes and gives, whichever antivirus it is."""

from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from checks.media_scans import Outcome

SHOWN: Final = 50
"""Bad files named to the person at the computer; nobody else is told any."""


class ScanError(Exception):
    """It cannot be scanned; the sentence says why and what to do. Nothing was scanned."""


class Tree(msgspec.Struct, frozen=True):
    """What is to be scanned: the folder, how much lies in it, and how long it may take.

    `closed`: files and folders that could not be looked at. `cut`: there is more than was counted.
    """

    path: str
    sizes: list[int]
    closed: int
    cut: bool
    seconds: float

    def above(self, limit: int) -> int:
        """Files larger than that."""
        return sum(size > limit for size in self.sizes)


class Bad(msgspec.Struct, frozen=True):
    """A file in which something was found, for the person at the computer alone."""

    file: str
    threat: str


class Result(msgspec.Struct, frozen=True):
    """How a scan ended. See `checks.media_scans.MediaScan`; `why` is for people."""

    outcome: Outcome
    files: int | None = None
    threats: int | None = None
    skipped: int = 0
    bad: list[Bad] = []
    why: str = ""


Told = Callable[[int], None]
"""Given how many files are done; called at least every few seconds."""


class Scanner(Protocol):
    """One antivirus that can be told to scan a folder."""

    @property
    def product(self) -> str:
        """Its id."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    def scan(self, tree: Tree, told: Told) -> Result:
        """Scan.

        Raises CannotLook("timeout"), KeyboardInterrupt; then nothing it started is left.
        """
        ...
