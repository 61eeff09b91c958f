"""Asks for each address once, and once more where nobody answered; never faster than allowed."""

import ipaddress
from collections import deque
from collections.abc import Iterator

from agent.survey.worker import arp
from agent.survey.worker.pacing import Bucket
from agent.survey.worker.table import Table
from agent.survey.worker.task import Task, private


class Sweep:
    """By ARP. Nothing waits in here: whoever drives it asks what is due."""

    def __init__(self, task: Task, table: Table) -> None:
        self._mac = bytes.fromhex(task.mac.replace(":", ""))
        self._source = ipaddress.IPv4Address(task.source).packed if task.source else b""
        self._table = table
        self._wait = task.wait_ms / 1_000
        # What a late turn may make good: a twentieth of a second.
        self._bucket = Bucket(task.per_second, max(1, task.per_second // 20))
        self._missing = {ipaddress.IPv4Address(one) for one in task.targets}
        first = map(ipaddress.IPv4Address, task.targets)
        self._queue: deque[tuple[float, ipaddress.IPv4Address, int]] = deque(
            (0.0, a, task.tries) for a in first
        )
        self._last = 0.0
        self.asked = 0

    def due(self, now: float) -> Iterator[bytes]:
        """Frames to send at this moment."""
        while self._skip() and self._queue[0][0] <= now and self._bucket.take(now):
            _, address, tries = self._queue.popleft()
            if tries > 1:
                # Those still missing are asked again when an answer would have come.
                self._queue.append((now + self._wait, address, tries - 1))
            self._last = now
            self.asked += 1
            yield arp.question(self._mac, self._source, address.packed)

    def wait(self, now: float) -> float | None:
        """Seconds until something is due; None: nothing more ever is."""
        if not self._skip():
            return None
        return max(self._queue[0][0] - now, self._bucket.wait(now))

    def over(self, now: float) -> bool:
        """Whether all were asked and had time to answer."""
        done = not self._skip()
        return done and (not self._missing or now >= self._last + self._wait)

    def take(self, frame: bytes) -> None:
        """An ARP frame of somebody else's."""
        said = arp.sender(frame)
        if said is not None and private(said[1]):
            self._table.note(said[0], "arp", said[1])
            self._missing.discard(said[1])

    def _skip(self) -> bool:
        """Drop what needs no question any more; whether any is left."""
        while self._queue and self._queue[0][1] not in self._missing:
            self._queue.popleft()
        return bool(self._queue)
