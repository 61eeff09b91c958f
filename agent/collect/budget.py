"""No reader may hang the round, eat the machine or kill the agent twice (O18).

A reader runs under a wall-clock and a processor budget; past either it is stopped where it
stands and its sections are `timeout`. Before each reader a breadcrumb is written; a
breadcrumb found at the start names the reader that took the whole process with it, which is
then skipped for some rounds as `crashed`.

Trap: the stop is a BaseException, because a reader's own `attempt` would swallow anything less.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import msgspec

from agent import files
from agent.collect.reading import read_domain
from checks.catalogue import Domain
from checks.facts import Facts
from checks.host import Host
from checks.judging import Body
from checks.unseen import Unseen

if TYPE_CHECKING:
    from logging import Logger

WALL_SECONDS: Final = 90
"""One slow tool (20 s each) may fail and its neighbours still be asked."""
CPU_SECONDS: Final = 10
"""Thirty times what the whole round should take."""
SKIPPED_ROUNDS: Final = 3

Sections = dict[type[Facts], Body]


class OverBudget(BaseException):
    """Time is up; raised inside the reader by the timer."""


class Breadcrumbs(msgspec.Struct, frozen=True):
    """The reader that is running now, and those that crashed with the rounds they still sit out."""

    running: str = ""
    sitting_out: dict[str, int] = {}


class Watch:
    """The breadcrumbs of one state folder over one round."""

    def __init__(self, folder: Path) -> None:
        """Read what the last round left.

        A breadcrumb still there means its reader never came back.
        """
        self._path: Final = folder / "breadcrumb.json"
        found = _load(self._path)
        sitting_out = {name: left - 1 for name, left in found.sitting_out.items() if left > 1}
        if found.running:
            _log().warning(
                "reader %s ended the agent; skipped for %d rounds", found.running, SKIPPED_ROUNDS
            )
            sitting_out[found.running] = SKIPPED_ROUNDS
        self._sitting_out: Final = sitting_out

    def crashed(self, domain: str) -> bool:
        """Whether this reader ended the agent lately."""
        return domain in self._sitting_out

    def enter(self, domain: str) -> None:
        """Note the reader that is about to run."""
        files.replace(self._path, msgspec.json.encode(Breadcrumbs(domain, self._sitting_out)))

    def finish(self) -> None:
        """All readers came back."""
        files.replace(self._path, msgspec.json.encode(Breadcrumbs("", self._sitting_out)))


def _load(path: Path) -> Breadcrumbs:
    data = files.read_or_none(path, 16 * 1024)
    try:
        return Breadcrumbs() if data is None else msgspec.json.decode(data, type=Breadcrumbs)
    except msgspec.DecodeError:
        return Breadcrumbs()  # half a breadcrumb names nobody


def read_within_budget(
    host: Host, domain: Domain, wall: float = WALL_SECONDS, cpu: float = CPU_SECONDS
) -> Sections:
    """Every section of a domain; one that overran is
    `timeout`, one whose reader broke is `crashed`."""
    try:
        with _timers(wall, cpu):
            return read_domain(host, domain)
    except OverBudget:
        _log().warning("reader %s took too long and was stopped", domain.name)
        return _all(domain, Unseen("timeout"))
    except Exception:  # the runner: one broken reader must not cost the night (O18)
        log = _log()
        log.exception("reader %s failed", domain.name)
        return _all(domain, Unseen("crashed"))


def read_everything(host: Host, domains: tuple[Domain, ...], watch: Watch | None) -> Sections:
    """Read every domain in turn. Without a `watch` (nothing may be written) nothing is skipped."""
    sections: Sections = {}
    for domain in domains:
        if watch is not None and watch.crashed(domain.name):
            sections |= _all(domain, Unseen("crashed"))
            continue
        if watch is not None:
            watch.enter(domain.name)
        sections |= read_within_budget(host, domain)
    if watch is not None:
        watch.finish()
    return sections


def _all(domain: Domain, blind: Unseen) -> Sections:
    return dict.fromkeys(domain.sections, blind)


@contextmanager
def _timers(wall: float, cpu: float) -> Iterator[None]:
    """Both clocks, where the system has them (not on
    Windows: there tools' own timeouts must do)."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise OverBudget

    clocks = ((signal.SIGALRM, signal.ITIMER_REAL, wall), (signal.SIGPROF, signal.ITIMER_PROF, cpu))
    before: list[tuple[int, Callable[[int, FrameType | None], object] | int | None]] = [
        (number, signal.signal(number, stop)) for number, _, _ in clocks
    ]
    try:
        for _, clock, seconds in clocks:
            signal.setitimer(clock, seconds)
        yield
    finally:
        for _, clock, _ in clocks:
            signal.setitimer(clock, 0)
        for number, handler in before:
            signal.signal(number, handler)


def _log() -> "Logger":
    """Loaded when there is something to say: logging costs an audit a fiftieth."""
    import logging

    return logging.getLogger("agent.collect")
