"""The agent's memory of room on its drives: one look a day, for a month."""

import logging
from pathlib import Path

import pytest

from agent import files, room
from agent.hosts.local import LocalHost
from agent.state import State
from checks.host import CannotLook
from checks.room import REMEMBERED_DAYS, Room

DAY = 86_400
AT = 20_779 * DAY + 3_600


def kept(folder: Path) -> list[tuple[int, dict[str, int]]]:
    return [(one.day - 20_779, one.free) for one in room.load(folder)]


def test_the_last_look_of_a_day_is_kept(tmp_path: Path) -> None:
    room.keep(tmp_path, AT, {"system:9:0": 5})
    room.keep(tmp_path, AT + 3_600, {"system:9:0": 4})
    room.keep(tmp_path, AT + DAY, {"system:9:0": 3})
    assert kept(tmp_path) == [(0, {"system:9:0": 4}), (1, {"system:9:0": 3})]


def test_a_month_is_kept_and_no_more(tmp_path: Path) -> None:
    for day in range(40):
        room.keep(tmp_path, AT + day * DAY, {"system:9:0": day})
    days = [day for day, _ in kept(tmp_path)]
    assert days == list(range(39 - REMEMBERED_DAYS, 40))


def test_days_that_lie_ahead_of_a_clock_put_back_are_forgotten(tmp_path: Path) -> None:
    room.keep(tmp_path, AT + 400 * DAY, {})
    room.keep(tmp_path, AT, {})
    assert kept(tmp_path) == [(0, {})]


def test_of_very_many_volumes_some_are_kept(tmp_path: Path) -> None:
    room.keep(tmp_path, AT, {f"other:{size}:0": size for size in range(1_000)})
    assert len(room.load(tmp_path)[0].free) == room.MOST


def test_a_damaged_memory_is_no_empty_one_and_begins_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    state = State(tmp_path)
    state.prepare()
    host = LocalHost(b"k" * 32, state)
    assert host.room() == []
    files.replace(state.key / room.NAME, b'{"v":1,"days":[{"day":')
    with pytest.raises(CannotLook, match="parse-error"):
        host.room()
    with caplog.at_level(logging.WARNING):
        room.keep(state.key, AT, {"system:9:0": 5})
    assert "damaged" in caplog.text
    assert host.room() == [Room(20_779, {"system:9:0": 5})]


def test_a_disk_that_cannot_be_written_costs_the_forecast_and_not_the_round(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        room.keep(tmp_path / "gone", AT, {})
    assert "not written" in caplog.text


def test_without_a_memory_nobody_knows() -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        LocalHost(b"k" * 32).room()
