"""What computers saw of the log, compared with the log (trust §4.5, T5).

Each report carries the newest size and root its computer holds from a receipt. The log at that size
must still have that root; otherwise lines were changed, or the computer made it up. Which of the
two is not for intake to say: the report is stored, and the contradiction is an event of its own.

What is remembered of a log across batches holds only as long as the log goes on from it. So each
batch looks first whether it does: whoever changes lines and the log's end while we run is found by
the next report, whatever that saw.

Trap: what was read or written in a transaction that failed is forgotten.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from controller import clock
from controller.intake.plan import Accepted
from inventory.ledger import contradictions, log
from inventory.ledger.contradictions import AGAIN_SECONDS
from wire.merkle import Frontier, leaf

_CHANGED: Final = (
    "While the server ran, the log was changed: it does not go on from the {size:,} lines it had."
)
_MOST: Final = 32_768
"""Roots remembered, of all schools: about 5 MB."""


class Witness:
    """For the writer thread only."""

    def __init__(self) -> None:
        """Nothing looked up yet."""
        self._roots: dict[str, dict[int, bytes]] = {}
        self._said: dict[str, int] = {}
        self._ends: dict[str, bytes] = {}
        """Where each log ended after our last batch, as its head had it."""
        self._written: dict[str, bytes] = {}
        self._unsettled = False

    def committed(self) -> None:
        """What was looked up and written since the last time is as it was."""
        self._unsettled = False
        self._ends |= self._written

    def check(
        self,
        accepted: Sequence[Accepted],
        before: Mapping[str, bytes],
        tails: Mapping[str, log.Tail],
    ) -> None:
        """Write an event for each report that saw another log, and for a log that does not go on
        from where we left it. `before`: the end of each school's log before the reports, as its
        head had it; `tails` after them. Inside their transaction."""
        if self._unsettled or sum(map(len, self._roots.values())) > _MOST:
            self._roots.clear()
            self._said.clear()
        self._unsettled = True
        self._written = {site: tail.pack() for site, tail in tails.items()}
        for site, end in before.items():
            self._goes_on(site, end)
        sizes = {site: Frontier.unpack(end).size for site, end in before.items()}
        for site, arrival, _ in accepted:
            seen = arrival.report.seen
            if seen is not None and not self._fits(site, seen.size, seen.root, sizes[site]):
                self._contradicted(site, arrival.device, arrival.received_at, seen.size, seen.root)

    def _goes_on(self, site: str, end: bytes) -> None:
        """Others write too, but only behind what is there: their lines must lead on to the end."""
        left = self._ends.get(site, end)
        if left == end:
            return
        frontier = Frontier.unpack(left)
        reached = Frontier.unpack(end).size
        for idx, at, text, digest in log.rows(site, frontier.size, reached):
            frontier.append(leaf(log.spell(idx, at, text, digest).encode()))
        if frontier.pack() != end:
            size = Frontier.unpack(left).size
            self._roots.pop(site, None)
            contradictions.differs(site, clock.now(), 0, _CHANGED.format(size=size))

    def _fits(self, site: str, size: int, root: str, reach: int) -> bool:
        if size > reach:
            return False
        known = self._roots.setdefault(site, {})
        if size not in known:
            known.update(log.roots_around(site, size))
        # Where lines were removed from under the head there is no root of that size.
        return f"sha256:{known.get(size, b'').hex()}" == root

    def _contradicted(self, site: str, device: str, at: int, size: int, root: str) -> None:
        if self._said.get(device, -AGAIN_SECONDS) > at - AGAIN_SECONDS:
            return
        self._said[device] = at
        contradictions.tell(site, device, at, size, root)
