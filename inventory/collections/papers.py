"""What is compared when a collection is reconciled, and what comes of it (I10). Pure."""

from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

import msgspec

Paper = Literal["set", "manifest", "receipt", "certificate"]
PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
Kind = Literal[
    "missing",
    "extra",
    "unknown_serial",
    "unreadable_serial",
    "suspect",
    "duplicate",
    "two_entries",
    "other_entry",
    "stays_here",
    "wrong_contractor",
    "certified_twice",
    "certified_on_two_assets",
    "certified_though_failed",
    "not_wiped",
    "too_weak",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
ALARMS: Final[frozenset[Kind]] = frozenset({"certified_though_failed", "certified_on_two_assets"})
"""Somebody may have been told what is not so (I6); no later paper takes these away."""
Cell = Literal["there", "missing", "waiting", "not_needed", "extra", "difference"]
ONLY_PAPER: Final[frozenset[Kind]] = frozenset({"missing", "not_wiped", "too_weak"})
"""Words settle nothing here: another paper has to come, or the drive is recorded as lost (I5, I8).
"""


class Drive(msgspec.Struct, frozen=True):
    """A drive of the set that was frozen at approval."""

    serial: str
    """As it is written on the drive or was reported."""
    failed: bool = False
    """Cannot be wiped: only destroying it closes it (I6, T7)."""
    least: str = ""
    """The level that a certificate has to name at least; "" where any will do (I5)."""
    proven: bool = False
    """The school's own proof holds (I5), so that no certificate is needed for it."""
    stays: Literal["", "destroyed", "retained"] = ""
    """It did not leave in one piece, or did not leave at all."""


class Entry(msgspec.Struct, frozen=True):
    """An entry of the register that left, with its drives; a loose drive is one of its own."""

    id: str
    tag: str = ""
    """What papers call it; "" where its drive's serial says enough."""
    drives: tuple[Drive, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """A line of a paper: a drive, or an entry without one (`serial` "")."""

    serial: str = ""
    tag: str = ""
    level: str = ""
    """Certificates: `clear`, `purge`, `destroy`; "" where it does not say."""
    done: bool = True
    """Certificates: whether the line says that it was wiped or destroyed."""


class Sheet(msgspec.Struct, frozen=True):
    """A paper as it came: whose it is and what stands on it."""

    lines: tuple[Line, ...]
    contractor: str = ""


class Papers(msgspec.Struct, frozen=True):
    """All of one collection. None, or no certificate: it has not come yet."""

    entries: tuple[Entry, ...]
    contractor: str = ""
    manifest: Sheet | None = None
    receipt: Sheet | None = None
    certificates: tuple[Sheet, ...] = ()
    known: frozenset[str] = frozenset()
    """Marks of drives the register knows apart from these."""
    elsewhere: frozenset[str] = frozenset()
    """Marks that certificates of other collections name."""


class Difference(msgspec.Struct, frozen=True, order=True):
    """One thing that does not agree."""

    paper: Paper
    kind: Kind
    serial: str = ""
    """As compared; of a suspect the one of the set."""
    tag: str = ""
    other: str = ""
    """The serial on a suspect's other side, the tag the entry has, or the other company's id."""

    @property
    def key(self) -> str:
        """The same difference has the same key whenever it is looked at."""
        return f"{self.paper}|{self.kind}|{self.serial}|{self.tag}|{self.other}"

    @property
    def alarm(self) -> bool:
        """Whether it may be more than a slip."""
        return self.kind in ALARMS

    @property
    def of_serials(self) -> bool:
        """Whether closing it says something about drives, which takes two people (I2)."""
        return bool(self.serial)


class Row(msgspec.Struct, frozen=True):
    """One serial, or one entry without a drive, across the four papers."""

    mark: str
    """As compared; "" for an entry without a drive, and for what cannot be compared."""
    serial: str
    tag: str
    entry: str
    """Its id; "" where it is none of the set."""
    cells: Mapping[Paper, Cell]
    differences: tuple[Difference, ...] = ()


class Reconciled(msgspec.Struct, frozen=True):
    """What comes of it. `waiting`: papers that have not come though something must stand there."""

    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    waiting: tuple[Paper, ...]

    def open(self, settled: Collection[str] = ()) -> tuple[Difference, ...]:
        """Differences nobody has closed yet; `settled` are keys."""
        return tuple(one for one in self.differences if one.key not in settled)

    def agrees(self, settled: Collection[str] = ()) -> bool:
        """Whether every paper is there and no difference is open: the collection may close."""
        return not self.waiting and not self.open(settled)
