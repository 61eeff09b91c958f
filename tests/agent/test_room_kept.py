"""The agent's memory of room on its drives: one look a day, for a month."""

import logging
from pathlib import Path

import msgspec
import pytest

from agent import files, room
from agent.collect import ruling
from agent.collect.round import collect
from agent.hosts.local import LocalHost
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import load
from agent.state import State
from checks.hardware.facts import HardwareNow
from checks.host import CannotLook, Rooms
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


SERVER = Path(__file__).parents[1] / "checks/recordings/hardware/linux-virtual-machine-good.json"
GIB = 1 << 30


class Remembering(RecordedHost):
    """A recorded server with its agent's own memory of room."""

    def __init__(self, state: State, day: int, free: int) -> None:
        recording = msgspec.structs.replace(load(SERVER), at=AT + day * DAY)
        for answer in recording.answers:
            if any("lsblk" in question for question in answer.questions()):
                answer.gives["out"] = "\n".join(answer.gives["out"]).replace(
                    '"fsavail": 79544774656', f'"fsavail": {free}'
                )
        super().__init__(recording, strict=False)
        self._memory = state.key

    def room(self) -> Rooms:
        return room.load(self._memory)


def test_each_round_remembers_its_day_and_after_three_weeks_a_server_says_when_it_is_full(
    enrolled: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ruling, "profile", lambda _: "server")
    said = []
    for day in range(22):
        found = collect(enrolled, Remembering(enrolled, day, (100 - day) * GIB)).look
        said.append(next(v.says for v in found.verdicts if v.check == "disk-capacity"))
        now = found.sections[HardwareNow]
    assert said == ["fills-too-new"] * 21 + ["fills"]
    assert isinstance(now, HardwareNow)
    assert isinstance(now.full_in, int)
    first = 20_779
    assert first + 100 - 6 <= now.full_in <= first + 100
    assert [one.day for one in room.load(enrolled.key)] == list(range(first, first + 22))
