"""What computers saw of the log, compared with the log (trust §4.5, T5).

Each report carries the newest size and root its computer holds from a receipt. The log at that size
must still have that root; otherwise lines were changed, or the computer made it up. Which of the
two is not for intake to say: the report is stored, and the contradiction is an event of its own.

Trap: roots are remembered across batches, so what was read in a transaction that failed is
forgotten.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from controller.intake.plan import Accepted
from inventory.ledger import contradictions, log

AGAIN_SECONDS: Final = 86_400
"""One event a computer in this time, however often it says so."""
_MOST: Final = 32_768
"""Roots remembered, of all schools: about 5 MB."""


class Witness:
    """For the writer thread only."""

    def __init__(self) -> None:
        """Nothing looked up yet."""
        self._roots: dict[str, dict[int, bytes]] = {}
        self._said: dict[str, int] = {}
        self._unsettled = False

    def committed(self) -> None:
        """What was looked up since the last time is as it was read."""
        self._unsettled = False

    def check(self, accepted: Sequence[Accepted], sizes: Mapping[str, int]) -> None:
        """Write an event for each report that saw another log. `sizes`: lines of each school's log
        before the reports. Inside their transaction."""
        if self._unsettled or sum(map(len, self._roots.values())) > _MOST:
            self._roots.clear()
            self._said.clear()
        self._unsettled = True
        for site, arrival, _ in accepted:
            seen = arrival.report.seen
            if seen is not None and not self._fits(site, seen.size, seen.root, sizes[site]):
                self._contradicted(site, arrival.device, arrival.received_at, seen.size, seen.root)

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
