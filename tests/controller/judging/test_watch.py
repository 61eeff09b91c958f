"""What a running server does by itself: after an upgrade, and at the end of each night."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from checks.catalogue import catalogue
from controller.fleet.models import Device, Night
from controller.judging.watch import NightClosing, mark_outdated
from inventory.models import Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.judging.conftest import JudgeNow


def _at(day: int, hour: int, minute: int = 0) -> int:
    here = datetime.datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/London"))
    return int(here.timestamp())


@pytest.fixture
def judged(controller: Controller, judge_now: JudgeNow) -> Device:
    """A computer whose verdicts are made."""
    machine = controller.machine()
    machine.supply(controller.door.post(machine.report()).receipt.need)
    judge_now()
    return Device.objects.get(id=machine.device)


def test_after_an_upgrade_everything_is_judged_by_the_new_catalogue(
    judged: Device, judge_now: JudgeNow
) -> None:
    assert mark_outdated(catalogue().hash) == 0
    assert mark_outdated("sha256:" + "0" * 64) == 1
    assert len(judge_now()) == 1


def test_the_night_is_closed_once_after_its_hour_on_fresh_verdicts(
    judged: Device, judge_now: JudgeNow
) -> None:
    closing = NightClosing()
    closing.turn(_at(25, 5, 59))
    assert not Device.objects.get(id=judged.id).judge_due
    closing.turn(_at(25, 6))
    assert Device.objects.get(id=judged.id).judge_due
    closing.turn(_at(25, 6, 1))
    assert not Night.objects.exists()
    judge_now()
    closing.turn(_at(25, 6, 2))
    assert set(Night.objects.values_list("day", flat=True)) == {"2026-11-24"}
    closing.turn(_at(25, 6, 3))
    assert Event.objects.filter(verb="night.close").count() == 1
    assert not Device.objects.get(id=judged.id).judge_due


def test_a_server_started_in_the_afternoon_closes_no_night(judged: Device) -> None:
    closing = NightClosing()
    for minute in range(3):
        closing.turn(_at(25, 14, minute))
    assert not Night.objects.exists()


def test_a_clock_behind_its_own_records_closes_no_night(
    judged: Device, judge_now: JudgeNow
) -> None:
    closing = NightClosing()
    for at in (_at(1, 6), _at(1, 7)):
        assert at < NOW
        closing.turn(at)
        judge_now()
    assert not Night.objects.exists()
