"""After a restore a person is shown whom the lost controller had stopped answering."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller import clock
from controller.backup import aftermath
from controller.backup.restored import Restored
from controller.fleet.models import Device
from tests.controller.intake.conftest import Controller, InlineWriter, build
from tests.controller.intake.machine import NOW, Machine
from wire.report import Seen

DAY = 86_400
WEEK = Restored(made_at=NOW - 7 * DAY, at=NOW)


@pytest.fixture
def controller(db: None, keyed: Path, tmp_path: Path) -> Iterator[Controller]:
    """A controller whose writer works in the test's own transaction, at a standing time."""
    clock.use(lambda: NOW)
    yield build(Path(shutil.copytree(keyed, tmp_path / "data")), InlineWriter)
    clock.use(None)


def nights(controller: Controller, machine: Machine, answered: list[bool]) -> None:
    """A report a night up to the loss, handed back now; a receipt for those that were answered."""
    size = 0
    for number, was in enumerate(answered):
        at = NOW - (len(answered) - number) * DAY
        seen = Seen(size=size, root="sha256:" + "0" * 64) if size else None
        reply = controller.door.post(machine.report(seen=seen, created_at=at))
        assert reply.status == 202
        size = 100 + number if was else size


def test_one_that_was_not_answered_while_others_were_is_shown_with_its_reports(
    controller: Controller,
) -> None:
    answered, withdrawn = controller.machine("fine"), controller.machine("withdrawn")
    nights(controller, answered, [True] * 8)
    nights(controller, withdrawn, [True, True] + [False] * 6)
    found = aftermath.untaken(WEEK)
    assert [(one.device.name, one.reports) for one in found] == [("withdrawn", 3)]


def test_nobody_is_shown_for_what_came_with_the_loss_itself(controller: Controller) -> None:
    for name in ("one", "two"):
        nights(controller, controller.machine(name), [True, True, True, False, False, False])
    assert aftermath.untaken(WEEK) == []


def test_one_evening_at_home_is_not_shown(controller: Controller) -> None:
    nights(controller, controller.machine("school"), [True] * 4)
    nights(controller, controller.machine("home"), [True, False, True, True])
    nights(controller, controller.machine("late"), [True, True, False, False])
    assert aftermath.untaken(WEEK) == []


def test_who_is_withdrawn_again_is_not_shown_any_more(controller: Controller) -> None:
    nights(controller, controller.machine("fine"), [True] * 6)
    nights(controller, controller.machine("gone"), [True] + [False] * 5)
    assert len(aftermath.untaken(WEEK)) == 1
    Device.objects.filter(name="gone").update(state="revoked")
    assert aftermath.untaken(WEEK) == []


@given(answers=st.lists(st.booleans(), min_size=1, max_size=12))
def test_reports_part_at_the_last_that_was_answered(answers: list[bool]) -> None:
    said, size = [], 0
    for at, was in enumerate(answers):
        seen = aftermath._Seen(size) if size else None
        said.append(aftermath._Said(created_at=at, seen=seen))
        size = at + 1 if was else size
    tries = aftermath.tries_of(said)
    # Nobody can know of the newest report whether it was answered: no later one says so.
    known = [at for at, was in enumerate(answers[:-1]) if was]
    last = known[-1] if known else -1
    assert tries.answered_at == max(last, 0)
    assert tries.in_vain == list(range(last + 1, len(answers)))
