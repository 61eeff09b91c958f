"""No reader hangs the round, and one that killed the agent is left alone for a while (O18)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from agent.collect import budget, reading
from agent.collect.budget import Watch, read_everything, read_within_budget
from agent.hosts.local import LocalHost
from checks.catalogue import Domain, catalogue
from checks.host import Host, attempt
from checks.judging import Body
from checks.unseen import Unseen

LOCKING = next(domain for domain in catalogue().domains if domain.name == "locking")
HARDWARE = next(domain for domain in catalogue().domains if domain.name == "hardware")
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


def test_a_reader_that_killed_the_agent_sits_out_some_rounds_and_comes_back(
    tmp_path: Path,
) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from agent.collect.budget import Watch\n"
        "Watch(Path(sys.argv[1])).enter('locking'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    died = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert died.returncode == -signal.SIGKILL
    for _ in range(budget.SKIPPED_ROUNDS):
        watch = Watch(tmp_path)
        sections = read_everything(HOST, (LOCKING,), watch)
        assert reasons(sections) == {"crashed"}
    assert "crashed" not in reasons(read_everything(HOST, (LOCKING,), Watch(tmp_path)))


def test_others_are_read_while_one_sits_out(tmp_path: Path) -> None:
    Watch(tmp_path).enter("locking")
    sections = read_everything(HOST, (LOCKING, HARDWARE), Watch(tmp_path))
    assert {kind.section for kind, body in sections.items() if isinstance(body, Unseen)} >= {
        "locking"
    }
    assert not isinstance(sections[HARDWARE.sections[0]], Unseen)


def test_half_a_breadcrumb_accuses_nobody(tmp_path: Path) -> None:
    (tmp_path / "breadcrumb.json").write_bytes(b'{"running":"lock')
    assert not Watch(tmp_path).crashed("locking")


def test_a_platform_without_a_reader_is_unsupported_and_no_error() -> None:
    assert reading.reader_of("locking", "windows") is None or os.name
