"""The ledger of when this computer was on and connected, kept without anything that stays running.

Each scheduled round notes one sample: which start this is, how long ago it was, how much of that
the computer was awake, and whether it has a network now. What lies between two samples of one
start, or between a start and its first sample, is one stretch, if the network was there at each
sample.

What comes after the last sample of a start is lost, and so is what a crash keeps from being
written: fewer hours, never more. A clock that is put right in the middle of a start moves the
stretches of that start with it; what lies ahead of the clock, or far behind it, is forgotten.
Traps: a network that came and went between two samples is not noticed; an earlier start's clock is
believed where it ran ahead by less than the time since.

It says when somebody worked at this computer, so it holds no more than a check can ask for: the
newest 24 hours, of the last 60 days.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from agent import files
from checks.online import LONGEST_NEED_SECONDS, REMEMBERED_SECONDS, Stretch

NAME: Final = "presence.json"
MOST: Final = 64
"""Stretches kept; 32 lessons of 45 minutes are the 24 hours."""
SLACK: Final = 60
"""Seconds by which clocks read one after the other may differ and still mean the same moment."""
_LARGEST: Final = 64 * 1024


class DamagedError(Exception):
    """The ledger is there and cannot be read."""


class Sample(msgspec.Struct, frozen=True):
    """This moment: `at` by the wall clock (epoch seconds), `up` and `awake` since the start.

    `boot` names the start; `up` counts sleep, `awake` does not.
    """

    boot: str
    at: int
    up: int
    awake: int
    connected: bool


class Ledger(msgspec.Struct, frozen=True):
    """The last sample and the stretches before it, in the order they were noted."""

    v: Literal[1] = 1
    last: Sample | None = None
    stretches: list[Stretch] = []


def load(folder: Path) -> Ledger:
    """The ledger as written, an empty one before the first sample. Raises DamagedError, OSError."""
    data = files.read_or_none(folder / NAME, _LARGEST)
    try:
        return Ledger() if data is None else msgspec.json.decode(data, type=Ledger)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedError(str(folder / NAME)) from error


def keep(folder: Path, now: Sample) -> None:
    """Add a sample to the ledger; a full disk or a damaged ledger costs hours, never the round."""
    import logging  # an audit keeps nothing, and loading it costs a fiftieth of one

    log = logging.getLogger("agent.presence")
    try:
        try:
            before = load(folder)
        except DamagedError:
            log.warning("the record of hours switched on was damaged and starts anew")
            before = Ledger()
        files.replace(folder / NAME, msgspec.json.encode(noted(before, now)))
    except OSError as error:
        log.warning("the record of hours switched on was not written: %s", error.strerror)


def noted(before: Ledger, now: Sample) -> Ledger:
    """The ledger with one more sample."""
    last, stretches = before.last, before.stretches
    new = Stretch(now.at - now.up, now.at, min(now.awake, now.up))
    if last is None or not _same_start(last, now):
        seen = [*stretches, new] if now.connected and new.seconds > 0 else stretches
        return Ledger(last=now, stretches=_bounded(seen, now.at))
    up = now.up - last.up
    new = Stretch(now.at - up, now.at, min(now.awake - last.awake, up))
    stretches = _put_right(stretches, last, now.at - last.at - up)
    if last.connected and now.connected and new.seconds > 0:
        stretches = _joined(stretches, new)
    return Ledger(last=now, stretches=_bounded(stretches, now.at))


def _same_start(last: Sample, now: Sample) -> bool:
    return last.boot == now.boot and last.up <= now.up and last.awake <= now.awake


def _put_right(stretches: list[Stretch], last: Sample, jump: int) -> list[Stretch]:
    """This start's stretches, moved as the wall clock was; a smaller step is the clocks' own."""
    if abs(jump) <= SLACK:
        return stretches
    start = last.at - last.up - SLACK
    return [
        Stretch(one.begins_at + jump, one.ends_at + jump, one.seconds)
        if one.begins_at >= start
        else one
        for one in stretches
    ]


def _joined(stretches: list[Stretch], new: Stretch) -> list[Stretch]:
    """One stretch instead of two that meet and were both spent awake: a server has only one."""
    if stretches:
        old = stretches[-1]
        whole = Stretch(old.begins_at, new.ends_at, old.seconds + new.seconds)
        slept = whole.ends_at - whole.begins_at - whole.seconds
        if abs(new.begins_at - old.ends_at) <= SLACK and abs(slept) <= SLACK:
            return [*stretches[:-1], whole]
    return [*stretches, new]


def _bounded(stretches: list[Stretch], at: int) -> list[Stretch]:
    """The newest that are needed and can be true, in the order they were noted."""
    kept: list[Stretch] = []
    total = 0
    for stretch in reversed(stretches):
        if total >= LONGEST_NEED_SECONDS or len(kept) == MOST:
            break
        if at - REMEMBERED_SECONDS <= stretch.ends_at <= at + SLACK:
            kept.append(stretch)
            total += stretch.seconds
    return kept[::-1]
