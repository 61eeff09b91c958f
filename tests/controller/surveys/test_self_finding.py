"""Somebody is told before a scope ends, when it has ended, and when no scanner believes it."""

import pytest

from controller.roots.recovery import Recovery
from controller.selfcheck import scopes
from controller.surveys import publishing
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.surveys.conftest import separate, use

DAY = 86_400


def found(controller: Controller, at: int) -> list[tuple[str, str]]:
    """State and code, if there is a finding."""
    told = list(scopes.look(controller.data, at))
    assert all(one.sentence for one in told)
    return [(one.state, one.says) for one in told]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        pytest.param(0, ("ok", "ok"), id="new"),
        pytest.param(269, ("ok", "ok"), id="a-month-and-a-day-left"),
        pytest.param(270, ("warn", "soon"), id="a-month-left"),
        pytest.param(299, ("warn", "soon"), id="the-last-day"),
        pytest.param(300, ("bad", "over"), id="the-day-after"),
    ],
)
def test_the_end_of_a_scope_is_told_in_time(
    controller: Controller, scanner: Machine, day: int, told: tuple[str, str]
) -> None:
    use(controller, scanner)
    assert found(controller, NOW + day * DAY) == [told]


def test_one_that_somebody_ended_asks_for_nothing(controller: Controller, scanner: Machine) -> None:
    assert found(controller, NOW) == []
    publishing.end(use(controller, scanner), actor="system", at=NOW)
    assert found(controller, NOW + 400 * DAY) == []


def test_one_whose_signer_left_is_told(
    controller: Controller, scanner: Machine, recovery: Recovery
) -> None:
    use(controller, scanner)
    separate(controller, recovery)
    assert found(controller, NOW) == [("bad", "unsigned")]
