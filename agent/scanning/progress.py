"""How far a scan is, on one line of a terminal; nothing at all anywhere else."""

from collections.abc import Callable
from typing import Final, TextIO

EVERY: Final = 0.5
_SOON: Final = 5.0
"""Seconds before time left is guessed: the first files say little."""
_WIDTH: Final = 70


Line = Callable[[int, int, float], str]
"""So many are done, of so many, after so many seconds."""


class Progress:
    """The line."""

    def __init__(
        self,
        total: int,
        terminal: TextIO,
        clock: Callable[[], float],
        line: Line | None = None,
    ) -> None:
        """`total`: how many there are; `clock`: seconds, only ever growing; `line`: what it says,
        of files unless told otherwise."""
        self._total = total
        self._line = line or of_files
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
        self._terminal.write(f"\r{self._line(done, self._total, now - self._began):{_WIDTH}}")
        self._terminal.flush()

    def end(self) -> None:
        """Wipe the line."""
        if self._shown:
            self._terminal.write(f"\r{'':{_WIDTH}}\r")
            self._terminal.flush()


def of_files(done: int, files: int, seconds: float) -> str:
    """Such as `Scanning: 34 % (1,204 of 3,560 files), about 2 minutes left`."""
    if not done or not files:
        return f"Scanning {files:,} files, {long(seconds)} so far"
    done = min(done, files)
    said = f"Scanning: {done * 100 // files} % ({done:,} of {files:,} files)"
    if seconds < _SOON:
        return said
    return f"{said}, about {long(seconds * (files - done) / done)} left"


def long(seconds: float) -> str:
    """A length of time as people say it."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} seconds"
    minutes = round(whole / 60)
    return "1 minute" if minutes == 1 else f"{minutes:,} minutes"
