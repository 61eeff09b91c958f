"""No reader hangs the round, and one that killed the agent is left alone for a while (O18)."""

import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from agent.collect import budget, reading
from agent.collect.breadcrumbs import Watch
from agent.collect.budget import read_everything, read_within_budget
from agent.hosts.local import LocalHost
from agent.schedule import systemd
from checks.catalogue import Domain, catalogue
from checks.host import Host, attempt
from checks.judging import Body
from checks.unseen import Unseen

LOCKING = next(domain for domain in catalogue().domains if domain.name == "locking")
HOST = LocalHost(b"k" * 32)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Host], Body]], Domain]:
    """Put a reader of ours in place of locking's."""

    def put(read: Callable[[Host], Body]) -> Domain:
        module = ModuleType("reader")
        module.read = module.read_now = read  # type: ignore[attr-defined]  # a module made here
        monkeypatch.setattr(reading, "reader_of", lambda _domain, _platform: module)
        return LOCKING

    return put


def reasons(sections: budget.Sections) -> set[str]:
    return {body.unseen for body in sections.values() if isinstance(body, Unseen)}


def test_a_reader_that_sleeps_is_stopped(
    reader: Callable[[Callable[[Host], Body]], Domain],
) -> None:
    def read(_: Host) -> Body:
        time.sleep(60)
        raise AssertionError

    assert reasons(read_within_budget(HOST, reader(read), wall=0.05)) == {"timeout"}


def test_a_reader_that_computes_for_ever_is_stopped(
    reader: Callable[[Callable[[Host], Body]], Domain],
) -> None:
    def read(_: Host) -> Body:
        while True:
            pass

    assert reasons(read_within_budget(HOST, reader(read), cpu=0.05)) == {"timeout"}


def test_a_reader_cannot_swallow_the_stop(
    reader: Callable[[Callable[[Host], Body]], Domain],
) -> None:
    def read(host: Host) -> Body:
        while True:
            attempt(host.run, ["sleep", "5"])

    assert reasons(read_within_budget(HOST, reader(read), wall=0.2)) == {"timeout"}


def test_a_broken_reader_costs_its_own_section_only(
    reader: Callable[[Callable[[Host], Body]], Domain],
) -> None:
    def read(_: Host) -> Body:
        raise KeyError("a bug")

    assert reasons(read_within_budget(HOST, reader(read))) == {"crashed"}


def test_the_clocks_are_put_back(reader: Callable[[Callable[[Host], Body]], Domain]) -> None:
    before = signal.getsignal(signal.SIGALRM)
    read_within_budget(HOST, reader(lambda _: Unseen("denied")))
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_reader_that_takes_too_much_memory_is_stopped_and_the_round_goes_on(
    reader: Callable[[Callable[[Host], Body]], Domain], tmp_path: Path
) -> None:
    def read(_: Host) -> Body:
        # Twice of it: what earlier tests left may be given back just now, and make room for more.
        return Unseen("denied") if bytearray(2 * budget.MEMORY_BYTES) else Unseen("stale")

    before = resource.getrlimit(resource.RLIMIT_DATA)
    sections = read_everything(HOST, (reader(read),), Watch(tmp_path, 0))
    assert reasons(sections) == {"too-large"}
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


def test_the_memory_budget_and_what_the_agent_needs_fit_into_the_services_limit() -> None:
    unit = systemd.unit("caretaker-collect.service", systemd.STATE)
    assert "\nMemoryMax=200M\n" in unit
    assert budget.MEMORY_BYTES + (45 << 20) <= 200 << 20


def test_a_platform_without_a_reader_is_unsupported_and_no_error() -> None:
    assert reading.reader_of("locking", "windows") is None or os.name
