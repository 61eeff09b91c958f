"""The agent's memory of scans: what takes the place of what, and for how long it is told."""

from pathlib import Path

import msgspec
import pytest

from agent import scans
from agent.hosts.local import LocalHost
from agent.state import State
from checks.host import CannotLook
from checks.media_scans import MediaScan
from tests.agent.doors import Door

NOW = 1_795_336_200
DAY = 86_400
CLEAN = MediaScan("aaaaaaaaaaaaaaa1", True, "clamav", NOW - 60, NOW, "clean", 12, 0, 0)
FOUND = msgspec.structs.replace(CLEAN, outcome="found", threats=1, ended_at=NOW - DAY)


def but(scan: MediaScan = CLEAN, **changes: object) -> MediaScan:
    return msgspec.structs.replace(scan, **changes)


def test_a_clean_scan_of_all_of_it_ends_what_was_found_on_it() -> None:
    assert scans.noted([FOUND], CLEAN) == [CLEAN]


@pytest.mark.parametrize(
    "later",
    [
        but(whole=False),
        but(skipped=1),
        but(outcome="stopped"),
        but(outcome="error"),
        but(outcome="timeout"),
        but(medium="b"),
        but(medium=""),
    ],
    ids=["a-folder", "not-all", "stopped", "error", "timeout", "another", "unknown"],
)
def test_nothing_less_undoes_what_was_found(later: MediaScan) -> None:
    assert scans.noted([FOUND], later) == [FOUND, later]


def test_of_one_medium_only_the_newest_scan_is_kept() -> None:
    again = but(FOUND, ended_at=NOW)
    assert scans.noted([FOUND], again) == [again]
    assert scans.noted([but(outcome="stopped")], CLEAN) == [CLEAN]


def test_a_hundred_sticks_push_out_no_virus(tmp_path: Path) -> None:
    scans.keep(tmp_path, FOUND)
    for number in range(100):
        scans.keep(tmp_path, but(medium=f"{number:016x}"))
    kept = scans.load(tmp_path)
    assert len(kept) == scans.MOST
    assert kept[0] == FOUND
    assert kept[-1].medium == f"{99:016x}"


@pytest.mark.parametrize(
    ("scan", "age", "told"),
    [
        (CLEAN, 2 * DAY, True),
        (CLEAN, 2 * DAY + 1, False),
        (FOUND, 30 * DAY, True),
        (FOUND, 30 * DAY + 1, False),
        (FOUND, -400 * DAY, True),
    ],
    ids=["two-days", "longer", "a-month", "after-it", "clock-set-back"],
)
def test_what_was_found_is_told_for_a_month_and_the_rest_for_two_days(
    tmp_path: Path, scan: MediaScan, age: int, told: bool
) -> None:
    scans.keep(tmp_path, scan)
    assert bool(scans.remembered(tmp_path, scan.ended_at + age)) is told


def test_a_damaged_memory_is_no_empty_one(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.prepare()
    host = LocalHost(b"k" * 32, state)
    assert host.media_scans() == []
    (state.key / scans.NAME).write_text('{"v":1,"scans":[{"medium":')
    with pytest.raises(CannotLook, match="parse-error"):
        host.media_scans()
    scans.keep(state.key, CLEAN)
    assert scans.load(state.key) == [CLEAN]


@pytest.mark.parametrize("door", ["taped", "recorded"], indirect=True)
def test_a_recording_tells_the_scans_that_were_noted(door: Door, tmp_path: Path) -> None:
    state = State(tmp_path / "data")
    state.prepare()
    assert door(lambda host: host.media_scans()) == []
    scans.keep(state.key, but(FOUND, ended_at=4_000_000_000))
    assert door(lambda host: host.media_scans()) == [but(FOUND, ended_at=4_000_000_000)]


@pytest.mark.parametrize("door", ["ssh"], indirect=True)
def test_who_looks_over_ssh_knows_of_no_scans(door: Door) -> None:
    assert door(lambda host: host.media_scans()) == "cannot: unsupported"


def test_who_has_no_memory_does_not_say_that_nothing_was_scanned() -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        LocalHost(b"k" * 32).media_scans()
