"""A demonstration's clock: a file in a demo data folder says what time it is (O34).

Only there: in a folder made for real computers the file is not even looked for, so nobody can turn
back the clock of a school by writing one.
"""

import time
from pathlib import Path
from typing import Final

from controller import clock
from controller.data.datafolder import is_demo

CLOCK_FILE: Final = "demo-clock"
_LOOK_EVERY_SECONDS: Final = 0.05


def drive_clock(data: Path) -> None:
    """In a demo folder with a clock file, let that file say the time of this process."""
    path = data / CLOCK_FILE
    if is_demo(data) and path.exists():
        clock.use(_FileClock(path))


def set_clock(data: Path, at: int) -> None:
    """Set a demonstration's time, for every process that uses the folder. Raises ValueError
    elsewhere."""
    if not is_demo(data):
        raise ValueError("only a demonstration's clock can be set")
    new = data / f"{CLOCK_FILE}.new"
    new.write_text(f"{at}\n", "ascii")
    new.replace(data / CLOCK_FILE)


def release_clock(data: Path) -> None:
    """Hand a demonstration's time back to the machine, for processes that start from now on."""
    (data / CLOCK_FILE).unlink(missing_ok=True)


class _FileClock:
    """Reads the file at most twenty times a second: intake asks for the time with every report."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = float("-inf")
        self._now = 0

    def __call__(self) -> int:
        moment = time.monotonic()
        if moment - self._read_at >= _LOOK_EVERY_SECONDS:
            self._now = int(self._path.read_text("ascii"))
            self._read_at = moment
        return self._now
