"""The ledger of hours switched on: short lessons add up, and nothing ever adds an hour too many."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import files, presence
from agent.presence import Ledger, Sample, keep, load, noted
from agent.state import State
from checks.online import LONGEST_NEED_SECONDS, REMEMBERED_SECONDS, Stretch, since
from tests.agent.cli import agent, enrol
from tests.agent.simulator import Controller

HOUR, DAY, WEEK = 3_600, 86_400, 7 * 86_400
MONDAY = 1_788_768_000
LESSON = 45 * 60


class Laptop:
    """A laptop with a true clock and one of its own, and the ledger its rounds keep."""

    def __init__(self, at: int = MONDAY) -> None:
        self.true, self.wrong = at, 0
        self.boot, self.up, self.awake = 0, 0, 0
        self.connected = True
        self.ledger = Ledger()
        self.lived: list[tuple[int, int]] = []

    def on(self, seconds: int) -> None:
        self.lived.append((self.true, self.true + seconds))
        self.true, self.up, self.awake = (
            self.true + seconds,
            self.up + seconds,
            self.awake + seconds,
        )

    def asleep(self, seconds: int) -> None:
        self.true, self.up = self.true + seconds, self.up + seconds

    def off(self, seconds: int) -> None:
        self.true += seconds
        self.boot, self.up, self.awake = self.boot + 1, 0, 0

    def note(self) -> None:
        at = self.true + self.wrong
        sample = Sample(str(self.boot), at, self.up, self.awake, self.connected)
        self.ledger = noted(self.ledger, sample)

    def had(self, due: int) -> int:
        return since(self.ledger.stretches, due, self.true + self.wrong)

    def truly_had(self, due: int) -> int:
        return sum(max(0, end - max(begin, due)) for begin, end in self.lived)


def test_45_minutes_twice_a_week_for_a_term_are_counted_start_by_start() -> None:
    laptop, counted = Laptop(), []
    for lesson in range(24):
        laptop.on(LESSON)
        laptop.note()
        counted.append(laptop.had(MONDAY))
        laptop.off((2 if lesson % 2 == 0 else 5) * DAY - LESSON)
    remembered = REMEMBERED_SECONDS // WEEK * 2
    assert counted[:6] == [LESSON * n for n in range(1, 7)]
    assert counted[5] >= 4 * HOUR > counted[4]
    assert remembered * LESSON <= counted[-1] <= (remembered + 2) * LESSON


def test_a_lid_that_is_closed_between_lessons_counts_the_lessons_only() -> None:
    laptop = Laptop()
    for _ in range(6):
        laptop.on(10 * 60)
        laptop.note()
        laptop.on(LESSON - 10 * 60)
        laptop.asleep(3 * DAY - LESSON)
    laptop.on(10 * 60)
    laptop.note()
    assert laptop.had(MONDAY - DAY) == 6 * LESSON + 10 * 60


def test_of_a_night_asleep_around_the_moment_only_the_sure_part_counts() -> None:
    laptop = Laptop()
    laptop.on(HOUR)
    laptop.note()
    laptop.on(HOUR)
    laptop.asleep(10 * HOUR)
    laptop.on(2 * HOUR)
    laptop.note()
    assert laptop.had(MONDAY) == 4 * HOUR
    assert laptop.had(MONDAY + 2 * HOUR) == 2 * HOUR
    assert laptop.had(MONDAY + 4 * HOUR) == 0


def test_hours_without_a_network_do_not_count_nor_those_up_to_its_coming_back() -> None:
    laptop = Laptop()
    laptop.connected = False
    laptop.on(3 * HOUR)
    laptop.note()
    laptop.connected = True
    laptop.on(HOUR)
    laptop.note()
    assert laptop.had(MONDAY) == 0
    laptop.on(HOUR)
    laptop.note()
    assert laptop.had(MONDAY) == HOUR
    laptop.connected = False
    laptop.on(HOUR)
    laptop.note()
    assert laptop.had(MONDAY) == HOUR


def test_a_server_that_is_always_on_has_one_stretch() -> None:
    server = Laptop()
    for _ in range(6 * 40):
        server.on(4 * HOUR)
        server.note()
    (stretch,) = server.ledger.stretches
    assert stretch == Stretch(MONDAY, MONDAY + 40 * DAY, 40 * DAY)


@pytest.mark.parametrize("wrong", [-400 * DAY, -3 * HOUR, 3 * HOUR, 200 * DAY])
def test_a_clock_that_is_put_right_while_on_takes_the_hours_of_that_start_with_it(
    wrong: int,
) -> None:
    laptop = Laptop()
    laptop.wrong = wrong
    laptop.on(HOUR)
    laptop.note()
    laptop.on(HOUR)
    laptop.note()
    laptop.wrong = 0
    laptop.on(HOUR)
    laptop.note()
    assert laptop.had(MONDAY) == 3 * HOUR
    assert laptop.had(MONDAY + HOUR) == 2 * HOUR
    assert {stretch.ends_at for stretch in laptop.ledger.stretches} <= set(
        range(MONDAY, laptop.true + 1)
    )


def test_a_clock_that_is_put_right_leaves_the_hours_of_earlier_starts_where_they_were() -> None:
    laptop = Laptop()
    laptop.on(HOUR)
    laptop.note()
    laptop.off(DAY)
    laptop.wrong = -2 * HOUR
    laptop.on(HOUR)
    laptop.note()
    laptop.wrong = 0
    laptop.on(60)
    laptop.note()
    assert laptop.ledger.stretches[0] == Stretch(MONDAY, MONDAY + HOUR, HOUR)
    assert laptop.had(MONDAY) == 2 * HOUR + 60


@pytest.mark.parametrize("step", [-presence.SLACK, presence.SLACK])
def test_a_clock_that_is_nudged_moves_nothing(step: int) -> None:
    laptop = Laptop()
    laptop.on(HOUR)
    laptop.note()
    first = laptop.ledger.stretches
    laptop.asleep(HOUR)
    laptop.wrong = step
    laptop.on(HOUR)
    laptop.note()
    assert laptop.ledger.stretches[:1] == first


def test_hours_that_lie_ahead_of_the_clock_are_forgotten() -> None:
    """The clock ran five days fast, and was put right while the laptop was off."""
    laptop = Laptop()
    laptop.wrong = 5 * DAY
    laptop.on(8 * HOUR)
    laptop.note()
    laptop.off(DAY)
    laptop.wrong = 0
    laptop.on(600)
    laptop.note()
    assert laptop.had(MONDAY) == 600
    laptop.off(6 * DAY)
    laptop.on(600)
    laptop.note()
    assert laptop.had(MONDAY) == 1_200, "they do not come back when the clock gets there"


def test_a_clock_far_ahead_or_far_back_costs_hours_and_adds_none() -> None:
    for wrong in (-30 * 365 * DAY, 30 * 365 * DAY):
        laptop = Laptop()
        laptop.on(3 * HOUR)
        laptop.note()
        laptop.off(DAY)
        laptop.wrong = wrong
        laptop.on(HOUR)
        laptop.note()
        laptop.off(DAY)
        laptop.wrong = 0
        laptop.on(HOUR)
        laptop.note()
        assert laptop.had(MONDAY) == HOUR


def test_two_months_and_24_hours_are_all_that_is_kept() -> None:
    laptop = Laptop()
    laptop.on(HOUR)
    laptop.note()
    laptop.off(REMEMBERED_SECONDS - HOUR)
    laptop.on(HOUR)
    laptop.note()
    assert len(laptop.ledger.stretches) == 2
    laptop.off(1)
    laptop.on(1)
    laptop.note()
    assert laptop.ledger.stretches[0].begins_at == MONDAY + REMEMBERED_SECONDS
    for _ in range(40):
        laptop.on(HOUR)
        laptop.note()
        laptop.off(HOUR)
    assert sum(stretch.seconds for stretch in laptop.ledger.stretches) == LONGEST_NEED_SECONDS


def test_however_often_it_is_started_the_ledger_stays_small(tmp_path: Path) -> None:
    for number in range(100):
        keep(tmp_path, Sample("x" * 64 + str(number), MONDAY + number * HOUR, 61, 61, True))
    assert len(load(tmp_path).stretches) == presence.MOST
    assert (tmp_path / presence.NAME).stat().st_size < 8 * 1024


LIFE = st.lists(
    st.tuples(
        st.sampled_from(["on", "on", "asleep", "off", "note", "note", "wire"]),
        st.integers(1, 3 * DAY),
    ),
    max_size=40,
)


@given(LIFE, st.integers(0, 30 * DAY))
def test_whatever_happens_never_an_hour_more_than_there_was(
    life: list[tuple[str, int]], due: int
) -> None:
    laptop = Laptop()
    for what, seconds in life:
        if what == "wire":
            laptop.connected = not laptop.connected
        elif what == "note":
            laptop.note()
        else:
            getattr(laptop, what)(seconds)
    laptop.note()
    assert laptop.had(MONDAY + due) <= laptop.truly_had(MONDAY + due)


@pytest.mark.parametrize(
    "left", [b"", b"{", b'{"v":2}', b'{"v":1,"stretches":[1]}', b"\xff\xfe", b"[" * 5_000]
)
def test_a_damaged_ledger_starts_anew_and_stops_no_round(tmp_path: Path, left: bytes) -> None:
    (tmp_path / presence.NAME).write_bytes(left)
    with pytest.raises(presence.DamagedError):
        load(tmp_path)
    keep(tmp_path, Sample("a", MONDAY, 600, 600, True))
    assert load(tmp_path).stretches == [Stretch(MONDAY - 600, MONDAY, 600)]


def test_a_ledger_that_cannot_be_written_stops_no_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    keep(tmp_path, Sample("a", MONDAY, 600, 600, True))
    before = load(tmp_path)
    monkeypatch.setattr(files, "write_new", full)
    keep(tmp_path, Sample("a", MONDAY + 600, 1_200, 1_200, True))
    assert load(tmp_path) == before


def test_a_round_notes_the_hours_for_root_alone_and_an_audit_writes_nothing(
    controller: Controller, tmp_path: Path
) -> None:
    state = State(tmp_path / "d")
    enrol(controller, tmp_path / "d")
    agent("audit", data=tmp_path / "d")
    assert not (state.key / presence.NAME).exists()
    agent("run", "--scheduled", "--part", "collect", data=tmp_path / "d")
    first = load(state.key).last
    assert (state.key / presence.NAME).stat().st_mode & 0o777 == 0o600
    assert first is not None
    assert first.boot == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    agent("run", "--scheduled", "--part", "deliver", data=tmp_path / "d")
    assert load(state.key).last == first, "the sender knows nothing of the machine"
    agent("run", "--scheduled", "--part", "collect", data=tmp_path / "d")
    second = load(state.key).last
    assert second is not None
    assert second.up >= first.up


def test_switching_off_is_noted_without_a_round(enrolled: State) -> None:
    ran = agent("run", "--scheduled", "--part", "note", data=enrolled.root.parent)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert load(enrolled.key).last is not None
    assert [path for path in enrolled.spool.iterdir() if path.is_dir()] == []


def test_before_enrolment_nothing_is_noted(tmp_path: Path) -> None:
    ran = agent("run", "--scheduled", "--part", "note", data=tmp_path / "d")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert list(State(tmp_path / "d").key.iterdir()) == []
