"""Whether this machine's clock can be believed (O26, T17).

A clock that jumps by more than ten minutes while the server runs is in doubt: no night is closed,
nothing expires, nothing is let go. The doubt ends when the clock comes back, when the computers of
the school tell the same time, or when a person says that it is right. It is kept in a file, so that
a restart does not forget it. A machine that slept is not in doubt: time is measured by a clock that
goes on in sleep.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from controller import clock
from controller.backup import disk

log = logging.getLogger("caretaker.clock")

SLACK_SECONDS: Final = 600
"""A clock further behind our own records, or one that jumped further, is in doubt."""
NAME: Final = "clock-doubt.json"


class Doubt(msgspec.Struct, frozen=True):
    """`trusted`: the last moment before the jump. `seen`: what the clock said after it."""

    trusted: int
    seen: int


def load(data: Path) -> Doubt | None:
    """The doubt in force, which this process then heeds as well."""
    try:
        doubt = msgspec.json.decode((data / NAME).read_bytes(), type=Doubt)
    except FileNotFoundError:
        doubt = None
    except msgspec.DecodeError:
        doubt = Doubt(0, 0)  # somebody spoilt the file: nothing expires until it is mended
    clock.hold(doubt.trusted if doubt else None)
    return doubt


def end(data: Path) -> None:
    """The clock is right."""
    (data / NAME).unlink(missing_ok=True)
    clock.hold(None)


def steady() -> float:
    """Seconds that no setting of the clock changes, sleep included."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class ClockWatch:
    """Compares the clock with a steady one, each time it is asked to."""

    def __init__(self, data: Path, agrees: Callable[[int, int], bool]) -> None:
        """`agrees` says whether the fleet's clocks agree with ours between two moments of ours."""
        self._data = data
        self._agrees = agrees
        self._before: tuple[int, float] | None = None

    def turn(self, at: int, passed: float) -> None:
        """`at` is what the clock says, `passed` what a steady one does."""
        before, self._before = self._before, (at, passed)
        doubt = load(self._data)
        if before is not None:
            expected = before[0] + round(passed - before[1])
            if abs(at - expected) > SLACK_SECONDS:
                doubt = self._jumped(doubt, expected, at)
        if doubt is None or not doubt.seen:
            return
        # Reports stamped before the jump, or while the clock was wrong, say nothing about it now.
        if self._agrees(doubt.seen if at >= doubt.seen else doubt.trusted, at):
            log.warning("code=clock_confirmed by the computers that reported")
            end(self._data)

    def _jumped(self, doubt: Doubt | None, expected: int, at: int) -> Doubt | None:
        """A jump back to where the clock was before ends a doubt; any other begins one."""
        if (
            doubt is not None
            and abs((doubt.seen - doubt.trusted) + (at - expected)) <= SLACK_SECONDS
        ):
            log.warning("code=clock_back seconds=%d", at - expected)
            end(self._data)
            return None
        log.error("code=clock_jumped seconds=%d", at - expected)
        made = Doubt(min(expected, doubt.trusted) if doubt else expected, at)
        disk.replace(self._data / NAME, msgspec.json.encode(made))
        clock.hold(made.trusted)
        return made
