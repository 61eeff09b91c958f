"""Clocks that are wrong (T17, O26): ours closes no night and lets nothing expire; a computer's is
told, and its reports are stored all the same."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from controller import clock, clockdoubt
from controller.clockdoubt import ClockWatch
from controller.fleet import services
from controller.fleet.models import Device, Night, Report
from controller.judging.watch import NightClosing
from controller.selfcheck import database
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.judging.conftest import JudgeNow

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


TIMES = {
    "1970": 0,
    "2038": 2_147_483_648,
    "ten-years-on": NOW + 10 * YEAR,
    "summer-time": NOW + HOUR,
}


@pytest.mark.parametrize("created", TIMES.values(), ids=TIMES)
def test_a_computer_with_a_wrong_clock_is_heard_and_its_clock_is_told(
    controller: Controller, created: int
) -> None:
    machine = controller.machine()
    assert controller.door.post(machine.report(created_at=created)).status == 202
    assert controller.door.post(machine.report(created_at=created + 60)).status == 202
    assert Report.objects.filter(device_id=machine.device).count() == 2
    assert Device.objects.get(id=machine.device).skew_seconds == created + 60 - NOW
    found = database.clocks(NOW)
    assert (found.state, found.args) == ("warn", {"n": "1"})


def test_a_clock_five_minutes_off_is_not_told(controller: Controller) -> None:
    machine = controller.machine()
    assert controller.door.post(machine.report(created_at=NOW - 300)).status == 202
    assert database.clocks(NOW).state == "ok"
