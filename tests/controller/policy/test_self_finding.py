"""Somebody is told before a policy ends, when it has ended, and when nobody believes it."""

import pytest

from controller.fleet.models import Device
from controller.policy import publishing
from controller.selfcheck import policies
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.policy.conftest import STRICT, Separate

DAY = 86_400


def found(controller: Controller, at: int) -> tuple[str, str]:
    """State and code of the finding."""
    (one,) = policies.look(controller.data, at)
    assert one.sentence
    return one.state, one.says


@pytest.mark.parametrize(
    ("day", "told"),
    [
        pytest.param(0, ("ok", "ok"), id="new"),
        pytest.param(69, ("ok", "ok"), id="a-month-and-a-day-left"),
        pytest.param(70, ("warn", "soon"), id="a-month-left"),
        pytest.param(99, ("warn", "soon"), id="the-last-day"),
        pytest.param(100, ("bad", "over"), id="the-day-after"),
        pytest.param(900, ("bad", "over"), id="forgotten"),
    ],
)
def test_the_end_of_a_policy_is_told_in_time(
    controller: Controller, day: int, told: tuple[str, str]
) -> None:
    rules = publishing.draft(controller.site, STRICT, NOW, days=100)
    publishing.use(controller.data, rules, actor="system", at=NOW)
    assert found(controller, NOW + day * DAY) == told


def test_a_policy_whose_signer_left_is_told(controller: Controller, separate: Separate) -> None:
    assert found(controller, NOW) == ("ok", "none")
    rules = publishing.draft(controller.site, STRICT, NOW)
    publishing.use(controller.data, rules, actor="system", at=NOW)
    separate()
    assert found(controller, NOW) == ("bad", "unsigned")


def test_computers_that_hold_a_later_policy_than_a_restored_controller_are_told(
    controller: Controller,
) -> None:
    machine = controller.machine()
    rules = publishing.draft(controller.site, STRICT, NOW)
    publishing.use(controller.data, rules, actor="system", at=NOW)
    assert found(controller, NOW) == ("ok", "ok")
    Device.objects.filter(id=machine.device).update(ruled="old_policy")
    assert found(controller, NOW) == ("bad", "old")
