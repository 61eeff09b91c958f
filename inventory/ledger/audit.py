"""A school's log read through, line for line, and held against everything that was kept of it (T5).

Its own end, the marks within it and every checkpoint were written when the lines were. Who changes
a line changes the root of all that follows; who changes those as well must not forget one. What
nobody here can change (sheets, computers' reports) is for others to hold against it.

Traps: nothing remembered is believed; lines, and only lines, are hashed. A log that grows meanwhile
is read as far as its end was at the beginning.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import msgspec

from inventory.ledger import checkpoints, log, settling
from inventory.ledger.models import Waypoint
from wire.merkle import Frontier, leaf

What = Literal["gap", "end", "mark", "checkpoint", "missing", "report", "unsigned"]
"""A line is missing; the lines do not lead to the log's end, to a mark within it, or to a signed
checkpoint; a checkpoint the lines speak of is gone; a stored report is not its line's; a checkpoint
is not signed by a key of the log."""


class Wrong(msgspec.Struct, frozen=True):
    """One thing that does not fit, and how many lines of the log it speaks for."""

    what: What
    size: int


class Audit(msgspec.Struct, frozen=True):
    """What was found of a log of `size` lines, read strictly from line `start` on: somebody
    answered for those before, and they are as they were then (`settling`).

    `good`: so many first lines are as they were at some time that was written down. `roots`: at the
    sizes asked for, of the lines as they are.
    """

    start: int
    size: int
    wrong: list[Wrong]
    good: int
    roots: dict[int, bytes]


_Stored = Mapping[int, Collection[tuple[str, bytes]]]


class _Reading:
    """One reading; `at` is told of each size in turn."""

    def __init__(self, site_id: str, asked: Collection[int], stored: _Stored) -> None:
        self.frontier = Frontier()
        self.wrong: list[Wrong] = []
        self.good = 0
        self.asked = asked
        self.stored = stored
        self.roots: dict[int, bytes] = {}
        # Before the log's end is looked up: none of them can then be of a longer log.
        self.sheets = {one.size: one.root for one in checkpoints.every(site_id)}
        self._site = site_id
        self._marks = _marks(site_id)
        self._mark = next(self._marks, None)
        self._spoken = f"checkpoint {site_id} "

    def begin(self, base: settling.Base) -> None:
        """Begin behind what somebody answered for."""
        self.frontier, self.good = Frontier.unpack(base.frontier), base.size
        self.sheets = {size: root for size, root in self.sheets.items() if size > base.size}
        while self._mark is not None and self._mark[0] <= base.size:
            self._mark = next(self._marks, None)

    def line(self, at: int, text: str, digest: bytes) -> None:
        """Take one line in, and look at whatever was kept of the log at this size."""
        index = self.frontier.size
        self.frontier.append(leaf(log.spell(index, at, text, digest).encode()))
        if index in self.stored and (text, digest) not in self.stored[index]:
            self._is("report", False)
        size = self.frontier.size
        while self._mark is not None and self._mark[0] <= size:
            self._is("mark", self._mark == (size, self.frontier.pack()))
            self._mark = next(self._marks, None)
        sheet = self.sheets.pop(size, None)
        if sheet is not None:
            self._is("checkpoint", sheet == self.frontier.root())
        elif text.startswith(self._spoken) and checkpoints.of_size(self._site, size) is None:
            self._is("missing", False)
        if size in self.asked:
            self.roots[size] = self.frontier.root()

    def _is(self, what: What, fits: bool) -> None:
        size = self.frontier.size
        if not fits:
            self.wrong.append(Wrong(what, size))
        elif not self.wrong:
            self.good = size


def read_through(site_id: str, asked: Collection[int] = (), stored: _Stored | None = None) -> Audit:
    """Read the whole log once, about 0.7 s of CPU for 100,000 lines.

    `asked`: sizes whose roots are wanted; `stored`: what lines may say that were written for
    something that is still stored, by their number: pairs of text and digest.
    """
    base = settling.base(site_id)
    reading = _Reading(site_id, asked, stored or {})
    end = log.end(site_id)
    if base is not None and base.size <= end.size:
        reading.begin(base)
    start = reading.frontier.size
    for idx, at, text, digest in log.rows(site_id, start, end.size):
        if idx != reading.frontier.size:
            break
        reading.line(at, text, digest)
    size, wrong = reading.frontier.size, reading.wrong
    if size != end.size:
        wrong.append(Wrong("gap", size))
    elif size and reading.frontier.pack() != end.packed:
        wrong.append(Wrong("end", size))
    else:  # whatever is left was signed over more lines than there are
        wrong.extend(Wrong("checkpoint", one) for one in sorted(reading.sheets))
    return Audit(start, size, wrong, size if not wrong else reading.good, reading.roots)


def _marks(site_id: str) -> Iterator[tuple[int, bytes]]:
    rows = Waypoint.objects.filter(site_id=site_id).order_by("size")
    for at, packed in rows.values_list("size", "frontier").iterator(1_000):
        yield at, bytes(packed)
