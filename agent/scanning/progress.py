"""How far a scan is, on one line of a terminal; nothing at all anywhere else."""

from collections.abc import Callable
from typing import Final, TextIO

EVERY: Final = 0.5
_SOON: Final = 5.0
"""Seconds before time left is guessed: the first files say little."""
_WIDTH: Final = 70


class Progress:
    """The line."""

    def __init__(self, files: int, terminal: TextIO, clock: Callable[[], float]) -> None:
        """`files`: how many there are; `clock`: seconds, only ever growing."""
        self._files = files
        self._terminal = terminal
        self._clock = clock
        self._began = clock()
        self._shown_at = self._began - EVERY
        self._shown = False

    def told(self, done: int) -> None:
        """So many files are done; 0 as long as nobody knows."""
        now = self._clock()
        if now - self._shown_at < EVERY or not self._terminal.isatty():
            return
        self._shown_at, self._shown = now, True
        self._terminal.write(f"\r{line(done, self._files, now - self._began):{_WIDTH}}")
        self._terminal.flush()

    def end(self) -> None:
        """Wipe the line."""
        if self._shown:
            self._terminal.write(f"\r{'':{_WIDTH}}\r")
            self._terminal.flush()


def line(done: int, files: int, seconds: float) -> str:
    """Such as `Scanning: 34 % (1,204 of 3,560 files), about 2 minutes left`."""
    if not done or not files:
        return f"Scanning {files:,} files, {_long(seconds)} so far"
    done = min(done, files)
    said = f"Scanning: {done * 100 // files} % ({done:,} of {files:,} files)"
    if seconds < _SOON:
        return said
    return f"{said}, about {_long(seconds * (files - done) / done)} left"


def _long(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return f"{whole} seconds"
    minutes = round(whole / 60)
    return "1 minute" if minutes == 1 else f"{minutes:,} minutes"
