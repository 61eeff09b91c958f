"""What the last round cost this computer: kept, shown by `status` and told in the next report
(S10)."""

import time
from pathlib import Path
from typing import Final

import msgspec

from agent import files

NAME: Final = "cost.json"


class Cost(msgspec.Struct, frozen=True):
    """One round at `at` (epoch seconds): processor time and the clock's, in milliseconds.

    Both count what the agent started too; `peak_bytes` is the largest single program, 0 if unknown.
    """

    at: int
    cpu_ms: int
    wall_ms: int
    peak_bytes: int


def measured(at: int, began: float) -> Cost:
    """This process so far; `began` is time.monotonic() of when its work began."""
    wall = round((time.monotonic() - began) * 1000)
    try:
        import resource
    except ImportError:
        return Cost(at, round(time.process_time() * 1000), wall, 0)
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in both)
    return Cost(at, round(cpu * 1000), wall, max(one.ru_maxrss for one in both) << 10)


def keep(folder: Path, cost: Cost) -> None:
    """Write it, whole or not at all."""
    files.replace(folder / NAME, msgspec.json.encode(cost))


def load(folder: Path) -> Cost | None:
    """The last one kept; None before the first, or for a damaged file: it is only a number."""
    data = files.read_or_none(folder / NAME, 4096)
    try:
        return None if data is None else msgspec.json.decode(data, type=Cost)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
