"""The spool holds on to the chain whatever happens: limits, full disks, lost mail (O5, trust
§4.3)."""

import errno
import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent import chain, spool
from agent.collect import answers
from agent.collect.round import collect
from agent.deliver import backoff
from agent.deliver.upload import deliver
from agent.release import RELEASE
from agent.state import State
from tests import needs
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller, Reply, html


def fill(folder: Path, seqs: range, section: bytes = b"x") -> None:
    folder.mkdir(exist_ok=True)
    for seq in seqs:
        spool.add(folder, seq, b"{}", b"{}", {f"sha256:{seq:064x}": section})


def test_what_is_too_much_goes_oldest_section_first_and_never_a_link(tmp_path: Path) -> None:
    fill(tmp_path, range(1, 6), os.urandom(1000))
    dropped = spool.limit(tmp_path, max_bytes=2100)
    waiting = spool.entries(tmp_path)
    assert dropped == 3
    assert [entry.seq for entry in waiting] == [1, 2, 3, 4, 5]
    assert [bool(entry.sections()) for entry in waiting] == [False, False, False, True, True]


def test_as_many_links_as_may_wait_wait(tmp_path: Path) -> None:
    fill(tmp_path, range(1, 4))
    with pytest.raises(spool.SpoolFullError, match="3 reports"):
        spool.limit(tmp_path, max_reports=3)


def test_kept_reports_go_after_thirty_days_or_twenty_megabytes(tmp_path: Path) -> None:
    fill(tmp_path, range(1, 4), os.urandom(1000))
    old = tmp_path / "0000000001"
    os.utime(old, (NOW - 31 * 86_400, NOW - 31 * 86_400))
    for young in ("0000000002", "0000000003"):
        os.utime(tmp_path / young, (NOW, NOW))
    spool.prune(tmp_path, NOW, 30 * 86_400)
    assert [entry.seq for entry in spool.entries(tmp_path)] == [2, 3]
    spool.prune(tmp_path, NOW, 30 * 86_400, max_bytes=1500)
    assert [entry.seq for entry in spool.entries(tmp_path)] == [3]


def test_what_is_not_ours_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, range(1, 2))
    for stray in ("README", "12", "00000000001", ".hidden"):
        (tmp_path / stray).touch()
    assert [entry.seq for entry in spool.entries(tmp_path)] == [1]
    spool.tidy(tmp_path)
    assert (tmp_path / "README").exists()


def test_a_full_disk_loses_nothing_and_is_said_in_one_line(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    needs.root()
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        needs.impossible("root may not mount a small disk in this container")
    try:
        _run("cp", "-a", str(enrolled.root), str(disk / "agent"))
        filler = disk / "filler"
        _fill(filler)
        ran = _agent("run", "--data", str(disk))
        assert ran.returncode == 1
        assert "disk is full" in ran.stderr
        assert len(ran.stderr.strip().splitlines()) == 1
        filler.unlink()
        ran = _agent("run", "--data", str(disk))
        assert ran.returncode == 0, ran.stderr
        assert [found.seq for found in controller.reports] == [1]
    finally:
        _run("umount", str(disk))


def test_a_disk_that_fills_while_a_report_is_written_leaves_no_half_of_it(
    enrolled: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    allowed = 3

    def write(opened: int, data: bytes) -> int:
        nonlocal allowed
        allowed -= 1
        if allowed < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(opened, data)

    before = chain.load(enrolled.key)
    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="No space"):
        collect(enrolled, machine())
    monkeypatch.undo()
    assert spool.entries(enrolled.spool) == []
    collected = collect(enrolled, machine())
    assert collected.seq == before.last.seq + 1


def _fill(path: Path) -> None:
    """Write until the disk takes no more."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


def _agent(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-m", "agent.commands.main", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


LOST = {
    "arrives": None,
    "answer lost": lambda _q, _r: Reply(502, b"bad gateway", "text/plain"),
    "filtered": html(403),
    "cut": lambda _q, reply: Reply(reply.status, reply.body[:50]),
}


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.sampled_from(["night", "restart", *LOST]), min_size=4, max_size=12))
def test_whatever_the_network_does_each_report_has_its_effect_once(
    enrolled: State, controller: Controller, events: list[str]
) -> None:
    for event in events:
        if event == "night":
            collect(enrolled, machine())
        elif event == "restart":
            answers.act(enrolled, NOW)
        else:
            fault = LOST[event]
            controller.faults = [] if fault is None else [fault]
            deliver(enrolled, NOW)
    controller.faults = []
    assert deliver(enrolled, NOW).code == ""
    answers.act(enrolled, NOW)
    assert spool.entries(enrolled.spool) == []
    numbers = [found.seq for found in controller.reports]
    assert numbers == list(range(1, chain.load(enrolled.key).last.seq + 1))


def test_waits_grow_are_bounded_and_forget_after_success(tmp_path: Path) -> None:
    waits = [backoff.failed(tmp_path, NOW) for _ in range(12)]
    assert all(low * 0.4 <= high for low, high in itertools.pairwise(waits))
    assert max(waits) <= backoff.LONGEST_SECONDS
    assert backoff.waits(tmp_path, NOW) > 0
    backoff.succeeded(tmp_path)
    assert backoff.waits(tmp_path, NOW) == 0


def test_a_clock_set_back_a_year_does_not_silence_the_agent_for_one(tmp_path: Path) -> None:
    backoff.failed(tmp_path, NOW)
    assert backoff.waits(tmp_path, NOW - 365 * 86_400) == 0


def test_no_answer_silences_an_agent_for_more_than_a_day(tmp_path: Path) -> None:
    assert backoff.failed(tmp_path, NOW, 10**9) == backoff.LONGEST_ASKED_SECONDS


def test_a_damaged_backoff_delays_nothing(tmp_path: Path) -> None:
    (tmp_path / "backoff.json").write_bytes(b"\x00")
    assert backoff.waits(tmp_path, NOW) == 0


def test_the_release_in_reports_is_the_one_that_is_installed() -> None:
    import tomllib

    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())
    assert project["project"]["version"] == RELEASE
