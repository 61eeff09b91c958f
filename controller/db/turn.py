"""A first-come, first-served turn for the writers of one process.

SQLite has no queue: with `BEGIN IMMEDIATE` a waiting writer sleeps and tries again, and under load
one of them starved for 4.9 s (A6). Whoever waits here is served in order and woken at once. It
does not replace SQLite's own lock, which still keeps other processes out.
"""

import threading
from collections import deque


class Turn:
    """Hand out one turn at a time, in the order it was asked for."""

    def __init__(self) -> None:
        """Start with nobody holding the turn."""
        self._door = threading.Lock()
        self._queue: deque[threading.Event] = deque()

    def take(self, timeout_seconds: float) -> bool:
        """Wait for the turn; False when it did not come in time (the place in the queue is given
        up).
        """
        mine = threading.Event()
        with self._door:
            self._queue.append(mine)
            if self._queue[0] is mine:
                mine.set()
        if mine.wait(timeout_seconds):
            return True
        with self._door:
            if mine.is_set():  # it came between the wait and the door
                return True
            self._queue.remove(mine)
        return False

    def give_back(self) -> None:
        """End the turn and wake the next in the queue."""
        with self._door:
            self._queue.popleft()
            if self._queue:
                self._queue[0].set()

    def waiting(self) -> int:
        """How many stand in the queue, the holder not counted."""
        with self._door:
            return max(0, len(self._queue) - 1)
