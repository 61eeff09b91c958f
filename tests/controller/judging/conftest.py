"""A controller, and judging done by hand: in this process, when the test says so."""

from collections.abc import Callable

import pytest
from django.db import transaction

from checks.catalogue import catalogue
from controller import clock
from controller.judging import cases, child
from controller.judging.apply import apply
from controller.judging.messages import Judged
from controller.judging.policies import SitePolicies
from tests.controller.intake.conftest import controller, data, standing_clock

__all__ = ["controller", "data", "standing_clock"]

JudgeNow = Callable[[], list[Judged]]


@pytest.fixture
def judge_now() -> JudgeNow:
    """Judge everything that is due and write it down."""

    def judge() -> list[Judged]:
        found, hopeless = cases.gather(cases.due(100), SitePolicies(), clock.now())
        judged = [*(child.judge(case, catalogue()) for case in found), *hopeless]
        with transaction.atomic():
            apply(judged, clock.now())
        return judged

    return judge
