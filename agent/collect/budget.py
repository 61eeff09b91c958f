"""No reader may hang the round, eat the machine or kill the agent twice (O18).

A reader runs under a wall-clock and a processor budget; past either it is stopped where it
stands and its sections are `timeout`. In a round it also runs under a memory budget, and where it
cannot be stopped (it never comes back from a library) the agent itself ends after twice the time:
its breadcrumb then names it to the next round.

Traps: the stop is a BaseException, because a reader's own `attempt` would swallow anything less.
Programs a reader starts have the memory budget too; their processor time is bounded by the wall's.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Final

from agent.collect.breadcrumbs import Watch
from agent.collect.reading import read_domain
from checks.catalogue import Domain
from checks.facts import Facts
from checks.host import Host
from checks.judging import Body
from checks.policy import DEFAULT_POLICY, Policy
from checks.unseen import Unseen

if TYPE_CHECKING:
    from logging import Logger

WALL_SECONDS: Final = 90
"""One slow tool (20 s each) may fail and its neighbours still be asked."""
CPU_SECONDS: Final = 10
"""Thirty times what the whole round should take."""
MEMORY_BYTES: Final = 150 << 20
"""What a reader may take on top of the agent's own 45 MB: together less than the unit's 200 MB."""

Sections = dict[type[Facts], Body]


class OverBudget(BaseException):
    """Time is up; raised inside the reader by the timer."""


def read_within_budget(
    host: Host,
    domain: Domain,
    wall: float = WALL_SECONDS,
    cpu: float = CPU_SECONDS,
    policy: Policy = DEFAULT_POLICY,
) -> Sections:
    """Every section of a domain; one that overran is
    `timeout`, one whose reader broke is `crashed`."""
    try:
        with timers(wall, cpu):
            return read_domain(host, domain, policy)
    except OverBudget:
        _log().warning("reader %s took too long and was stopped", domain.name)
        return _all(domain, Unseen("timeout"))
    except MemoryError:
        _log().warning("reader %s took too much memory and was stopped", domain.name)
        return _all(domain, Unseen("too-large"))
    except Exception:  # the runner: one broken reader must not cost the night (O18)
        log = _log()
        log.exception("reader %s failed", domain.name)
        return _all(domain, Unseen("crashed"))


def read_everything(
    host: Host,
    domains: tuple[Domain, ...],
    watch: Watch | None,
    policy: Policy = DEFAULT_POLICY,
) -> Sections:
    """Read every domain in turn, and what `policy` names besides. Without a `watch` (nothing may be
    written) nothing is skipped."""
    sections: Sections = {}
    if watch is None:
        for domain in domains:
            sections |= read_within_budget(host, domain, policy=policy)
        return sections
    with watch.kept(), _memory(MEMORY_BYTES):
        for domain in domains:
            if watch.crashed(domain.name):
                sections |= _all(domain, Unseen("crashed"))
                continue
            watch.enter(domain.name)
            with _last_resort(2 * WALL_SECONDS):
                sections |= read_within_budget(host, domain, policy=policy)
    return sections


def _all(domain: Domain, blind: Unseen) -> Sections:
    return dict.fromkeys(domain.sections, blind)


@contextmanager
def timers(wall: float, cpu: float) -> Iterator[None]:
    """Both clocks, where the system has them (not on Windows: there tools' own timeouts must do).

    Raises OverBudget in whatever runs inside when either is up.
    """
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


@contextmanager
def _memory(extra: int) -> Iterator[None]:
    """A limit on data beyond what this process holds now, where the system has one (Linux 4.7)."""
    try:
        import resource

        held = _data_bytes()
    except (ImportError, OSError, ValueError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = held + extra
    if any(one != resource.RLIM_INFINITY and one < limit for one in (soft, hard)):
        yield  # somebody set a lower one already
        return
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int:
    """What the kernel counts against that limit: `VmData` of proc_pid_status(5), in kB there."""
    with open("/proc/self/status", "rb") as file:  # noqa: PTH123  (a path of the kernel's)
        for line in file:
            if line.startswith(b"VmData:"):
                return int(line.split()[1]) << 10
    raise ValueError("VmData")


@contextmanager
def _last_resort(seconds: float) -> Iterator[None]:
    """End the process, from a thread that needs no turn of Python's, when all else was in vain."""
    import faulthandler

    faulthandler.dump_traceback_later(seconds, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _log() -> "Logger":
    """Loaded when there is something to say: logging costs an audit a fiftieth."""
    import logging

    return logging.getLogger("agent.collect")
