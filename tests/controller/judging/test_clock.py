"""Clocks that are wrong (T17, O26): ours closes no night and lets nothing expire; a computer's is
told, and its reports are stored all the same."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller import clock, clockdoubt
from controller.clockdoubt import ClockWatch
from controller.commands import doctor
from controller.fleet import clocks, services
from controller.fleet.clocks import WrongClock
from controller.fleet.lately import wrong_clock
from controller.fleet.models import Device, Night, Report
from controller.judging.watch import NightClosing
from controller.selfcheck import database
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.judging.conftest import JudgeNow
from wire import itself, report
from wire.receipt import Receipt

HOUR = 3_600
YEAR = 365 * 24 * HOUR


def _watch(data: Path) -> ClockWatch:
    watch = ClockWatch(data, database.fleet_agrees)
    watch.turn(NOW, 0)
    return watch


@pytest.fixture(autouse=True)
def no_doubt_left() -> object:
    """What one test holds must not hold the next."""
    yield
    clock.hold(None)


@pytest.mark.parametrize(
    "jump", [YEAR, 10 * YEAR, 11 * 60, -11 * 60, -NOW], ids=["year", "ten", "on", "back", "1970"]
)
def test_a_clock_that_jumps_is_in_doubt_until_it_comes_back(
    controller: Controller, jump: int
) -> None:
    watch = _watch(controller.data)
    watch.turn(NOW + 30 + jump, 30)
    assert clock.held() == NOW + 30
    assert database.our_clock(NOW + 30 + jump).state == "bad"
    watch.turn(NOW + 60 + jump, 60)
    assert clock.held() is not None, "going on from there changes nothing"
    clock.hold(None)
    assert clockdoubt.load(controller.data) is not None, "another process knows it too"
    watch.turn(NOW + 90, 90)
    assert clock.held() is None
    assert clockdoubt.load(controller.data) is None


@pytest.mark.parametrize("slack", [599, -599], ids=["ahead", "behind"])
def test_a_small_correction_and_a_long_sleep_are_no_jump(
    controller: Controller, slack: int
) -> None:
    watch = _watch(controller.data)
    watch.turn(NOW + 30 + slack, 30)
    watch.turn(NOW + 30 + slack + 12 * HOUR, 30 + 12 * HOUR)
    assert clock.held() is None


def test_while_the_clock_is_in_doubt_no_night_closes_and_no_join_code_expires(
    controller: Controller, judge_now: JudgeNow
) -> None:
    code = services.create_join_code(site_id=controller.site, actor="system", at=NOW, days=1)
    watch = _watch(controller.data)
    morning = datetime.datetime(2027, 11, 25, 6, 30, tzinfo=ZoneInfo("Europe/London"))
    at = int(morning.timestamp())
    watch.turn(at, 30)
    closing = NightClosing()
    closing.turn(at)
    closing.turn(at + 60)
    assert not Night.objects.exists()
    assert services.spend_join_code(code.id, at)
    clockdoubt.end(controller.data)
    assert not services.spend_join_code(code.id, at)
    closing.turn(at + 120)
    closing.turn(at + 180)
    assert Night.objects.exists()


def test_three_computers_that_tell_the_same_time_end_the_doubt(controller: Controller) -> None:
    machines = [controller.machine(f"lab-{n}") for n in range(3)]
    watch = _watch(controller.data)
    jumped = NOW + YEAR
    watch.turn(jumped, 30)
    clock.use(lambda: jumped + 60)
    for machine in machines[:2]:
        assert controller.door.post(machine.report(created_at=jumped + 50)).status == 202
    watch.turn(jumped + 60, 90)
    assert clock.held() is not None, "two are too few"
    assert controller.door.post(machines[2].report(created_at=jumped + 70)).status == 202
    watch.turn(jumped + 90, 120)
    assert clock.held() is None


def test_computers_that_tell_another_time_do_not(controller: Controller) -> None:
    machines = [controller.machine(f"lab-{n}") for n in range(4)]
    watch = _watch(controller.data)
    watch.turn(NOW + YEAR, 30)
    clock.use(lambda: NOW + YEAR + 60)
    for machine in machines:
        assert controller.door.post(machine.report(created_at=NOW + 60)).status == 202
    watch.turn(NOW + YEAR + 60, 90)
    assert clock.held() is not None


def test_a_spoilt_note_of_the_doubt_lets_nothing_expire(data: Path) -> None:
    (data / clockdoubt.NAME).write_text("{")
    assert clockdoubt.load(data) is not None
    assert clock.for_expiry(NOW) == 0


OFF = {
    "1970": -NOW,
    "2038": 2_147_483_648 - NOW,
    "ten-years-on": 10 * YEAR,
    "summer-time": HOUR,
    "yesterday": -24 * HOUR,
}


def _report(
    machine: Machine,
    at: int,
    off: int = 0,
    seen: report.Seen | None = None,
    now: Sequence[report.NowSection] = (),
) -> Receipt:
    """A report that arrives `at`, made by a clock that is `off`; its receipt."""
    clock.use(lambda: at)
    made = machine.report(created_at=max(0, at + off), seen=seen, now=list(now))
    answer = machine.door.post(made)
    assert answer.status == 202
    return answer.receipt


def _seen(receipt: Receipt) -> report.Seen | None:
    return report.seen_of(receipt.size, receipt.root)


def _wrong(machine: Machine) -> WrongClock | None:
    return wrong_clock(Device.objects.get(id=machine.device))


@pytest.mark.parametrize("off", OFF.values(), ids=OFF)
def test_a_computer_with_a_wrong_clock_is_heard_and_its_clock_is_told(
    controller: Controller, off: int, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = controller.machine()
    first = _report(machine, NOW, off)
    _report(machine, NOW + 4 * HOUR, off, _seen(first))
    assert Report.objects.filter(device_id=machine.device).count() == 2
    found = _wrong(machine)
    assert found is not None
    assert (found.ahead, found.since) == (off > 0, NOW)
    if off > 0:
        assert found.seconds == off
    else:  # by at least so much: the report may have been made any time since the one before
        assert 300 < found.seconds <= -off
    told = database.clocks(NOW + 4 * HOUR)
    assert (told.state, told.args) == ("warn", {"n": "1"})
    doctor._clocks()
    assert ("ahead" if off > 0 else "behind") in capsys.readouterr().out.splitlines()[-1]


def test_an_hour_behind_is_known_because_the_computer_saw_it_itself(controller: Controller) -> None:
    """A report made an hour ago by a right clock would look the same from here."""
    machine = controller.machine()
    receipt = _report(machine, NOW)
    for hour in (4, 8):
        now = [itself.say(itself.Clock(ahead_seconds=-HOUR))]
        receipt = _report(machine, NOW + hour * HOUR, -HOUR, _seen(receipt), now)
    assert _wrong(machine) == WrongClock(HOUR, ahead=False, since=NOW + 4 * HOUR, at_least=False)


def test_reports_that_waited_for_days_accuse_no_clock(controller: Controller) -> None:
    machine = controller.machine()
    first = _report(machine, NOW)
    for day in range(3):  # made on three days away from school, delivered on the fourth
        _report(machine, NOW + 4 * 24 * HOUR, (day - 3) * 24 * HOUR, _seen(first))
    _report(machine, NOW + 4 * 24 * HOUR + 2 * HOUR, -2 * HOUR, _seen(first))
    assert Device.objects.get(id=machine.device).skew_seconds == -2 * HOUR
    assert _wrong(machine) is None
    assert database.clocks(NOW + 4 * 24 * HOUR + 2 * HOUR).state == "ok"


def test_one_report_accuses_no_clock_nor_do_two_in_one_morning(controller: Controller) -> None:
    machine = controller.machine()
    _report(machine, NOW, -NOW)
    assert _wrong(machine) is None
    _report(machine, NOW + 600, -NOW)
    assert _wrong(machine) is None


def test_a_clock_that_was_put_right_is_not_held_against_anybody(controller: Controller) -> None:
    machine = controller.machine()
    for hour in (0, 4):
        _report(machine, NOW + hour * HOUR, YEAR)
    assert _wrong(machine) is not None
    _report(machine, NOW + 8 * HOUR)
    assert _wrong(machine) is None


def test_while_our_own_clock_is_in_doubt_no_other_is_accused(controller: Controller) -> None:
    machine = controller.machine()
    for hour in (0, 4):
        _report(machine, NOW + hour * HOUR, YEAR)
    clock.hold(NOW)
    assert _wrong(machine) is None


def test_a_clock_five_minutes_off_is_not_told(controller: Controller) -> None:
    machine = controller.machine()
    for hour in (0, 4):
        _report(machine, NOW + hour * HOUR, 300)
    assert database.clocks(NOW + 4 * HOUR).state == "ok"
    assert _wrong(machine) is None


@given(
    waits=st.lists(st.integers(0, 30 * 24 * HOUR), min_size=1, max_size=8),
    heard=st.integers(0, 30 * 24 * HOUR),
)
def test_a_right_clock_is_never_accused_however_late_its_reports_come(
    waits: list[int], heard: int
) -> None:
    received = [NOW + index * 6 * HOUR for index in range(len(waits), 0, -1)]
    made = [at - wait for at, wait in zip(received, waits, strict=True)]
    samples = [
        clocks.Sample(at, when, when - heard) for at, when in zip(received, made, strict=True)
    ]
    assert clocks.judge(samples) is None
