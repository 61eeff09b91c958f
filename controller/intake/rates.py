"""How much one device, join code or failing address may ask for (trust §4.4, O28).

Counted only after a signature or proof was checked, except failures, which are counted by address:
a good signature is never throttled by address, because a whole school is one. Kept in memory, per
process: a restart forgives.
"""

from collections import OrderedDict, deque
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400
BACKLOG_AGE: Final = 2 * HOUR
"""A report older than this is backlog: what an agent could not deliver at the time."""

REPORT_PIECE: Final = 16 * 1024
REPORT_PIECES: Final = ((HOUR, 512), (DAY, 2_048))
"""8 MiB of reports an hour, 32 MiB a day and device, as they are stored. What an honest one may
send by number fits, one piece each; what could be sent by number alone is 1 GB a day."""
BODY_PIECE: Final = 64 * 1024
BODY_PIECES: Final = 1_024
"""64 MiB of section bodies an hour and device: three times what a full spool holds, and too little
for one computer that was let in to fill the school's disk in a night."""


class Windows:
    """Sliding windows per name, for at most `names` names (the least recently seen is
    forgotten)."""

    def __init__(self, bounds: tuple[tuple[int, int], ...], *, names: int = 100_000) -> None:
        """`bounds`: pairs of (seconds, how many in that time)."""
        self._bounds = bounds
        self._names = names
        self._seen: OrderedDict[str, deque[int]] = OrderedDict()
        self._longest = max(bound[1] for bound in bounds)

    def count(self, name: str, at: int) -> int | None:
        """Count one use; None if it was allowed, else the seconds to wait (and it is not
        counted)."""
        times = self._times(name)
        wait = self._left(times, at)
        if wait is None:
            times.append(at)
        return wait

    def wait(self, name: str, at: int) -> int | None:
        """Seconds until another use is allowed; None: now."""
        return self._left(self._times(name), at)

    def _left(self, times: deque[int], at: int) -> int | None:
        for seconds, most in self._bounds:
            # A clock set back must not lock anyone out: times ahead of `at` do not count.
            if len(times) >= most and 0 <= at - times[-most] < seconds:
                return seconds - (at - times[-most])
        return None

    def _times(self, name: str) -> deque[int]:
        times = self._seen.get(name)
        if times is None:
            times = self._seen[name] = deque(maxlen=self._longest)
            if len(self._seen) > self._names:
                self._seen.popitem(last=False)
        else:
            self._seen.move_to_end(name)
        return times


class Rates:
    """The limits of one intake."""

    def __init__(self) -> None:
        """All windows empty."""
        self._fresh = Windows(((MINUTE, 10), (HOUR, 60)))
        self._backlog = Windows(((HOUR, 400),))
        self._sizes = Windows(REPORT_PIECES)
        self._codes = Windows(((MINUTE, 60),))
        self._failures = Windows(((MINUTE, 30),), names=10_000)
        self._rekeys = Windows(((HOUR, 4), (DAY, 8)))
        self._bodies = Windows(((HOUR, BODY_PIECES),))

    def report(self, device: str, created_at: int, size: int, at: int) -> int | None:
        """Count a verified report; seconds to wait if it is one too many. `size` is in bytes, as it
        would be stored; asked for first, so the last may pass the bound."""
        if (wait := self._sizes.wait(device, at)) is not None:
            return wait
        windows = self._backlog if at - created_at > BACKLOG_AGE else self._fresh
        wait = windows.count(device, at)
        if wait is None:
            for _ in range(max(1, -(-size // REPORT_PIECE))):
                self._sizes.count(device, at)
        return wait

    def rekey(self, device: str, at: int) -> int | None:
        """Count a change of key that its old key asked for: each is a row, an event and a key for
        ever, and an honest computer changes once a year."""
        return self._rekeys.count(device, at)

    def full(self, device: str, at: int) -> int | None:
        """Seconds until a device may store another body; None: now."""
        return self._bodies.wait(device, at)

    def stored(self, device: str, size: int, at: int) -> None:
        """Count a body that was stored; asked for first, so the last may pass the bound."""
        for _ in range(1 + size // BODY_PIECE):
            self._bodies.count(device, at)

    def join(self, code: str, at: int) -> int | None:
        """Count an enrolment whose proof fitted its join code."""
        return self._codes.count(code, at)

    def failed(self, address: str, at: int) -> None:
        """Count an enrolment that failed."""
        self._failures.count(address, at)

    def blocked(self, address: str, at: int) -> int | None:
        """Seconds an address that failed too often has to wait before it may try to enrol again."""
        return self._failures.wait(address, at)
