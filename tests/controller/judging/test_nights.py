"""Closing a night: what is counted, who was silent, and which night it is."""

import pytest

from controller import clock
from controller.fleet.models import Night
from controller.judging import nights
from controller.judging.everything import judge_everything
from inventory.models import Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.judging.bodies import locking
from tests.controller.judging.conftest import JudgeNow
from wire import itself

HOUR = 3_600


def _counts(day: str) -> dict[tuple[str, str], int]:
    rows = Night.objects.filter(day=day).values_list("check_id", "status", "n")
    return {(check, status): n for check, status, n in rows}


def test_a_silent_computer_is_stale_in_every_check_and_never_what_it_last_said(
    controller: Controller, judge_now: JudgeNow
) -> None:
    heard, silent = controller.machine("heard"), controller.machine("silent")
    for machine in (heard, silent):
        envelope = machine.report(machine.content({"locking": locking(600)}))
        machine.supply(controller.door.post(envelope).receipt.need)
    judge_now()
    later = NOW + 37 * HOUR
    clock.use(lambda: later)
    controller.door.post(heard.report(heard.content({"locking": locking(600)})))
    judge_now()
    closed = nights.close(controller.site, later)
    assert (closed.heard, closed.stale) == (1, 1)
    counts = _counts(closed.day)
    assert counts[("", "heard")] == counts[("", "stale")] == 1
    statuses = {status: n for (check, status), n in counts.items() if check == "av-active"}
    assert statuses == {"unknown": 1, "stale": 1}


def test_a_computer_heard_36_hours_ago_still_counts(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    machine.supply(controller.door.post(machine.report()).receipt.need)
    judge_now()
    assert nights.close(controller.site, NOW + 36 * HOUR).heard == 1
    assert nights.close(controller.site, NOW + 36 * HOUR + 1).heard == 0


def test_a_computer_that_was_taken_off_counts_as_one_not_heard_from(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    machine.supply(controller.door.post(machine.report()).receipt.need)
    controller.door.post(machine.report(now=[itself.say(itself.Leaving(how="uninstalled"))]))
    judge_now()
    closed = nights.close(controller.site, NOW + HOUR)
    assert (closed.heard, closed.stale) == (0, 1)
    assert {status for _, status in _counts(closed.day)} == {"heard", "stale"}


def test_closing_again_counts_again_and_keeps_one_row_each(controller: Controller) -> None:
    controller.machine()
    first = nights.close(controller.site, NOW)
    second = nights.close(controller.site, NOW)
    assert first == second
    assert _counts(first.day) == {("", "heard"): 0, ("", "stale"): 1}
    assert Event.objects.filter(verb="night.close").count() == 2


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (1_795_305_600, "2026-11-21"),  # Sunday 22 November 2026, 00:00 in London
        (1_795_327_199, "2026-11-21"),  # 05:59:59
        (1_795_348_799, "2026-11-21"),  # 11:59:59
        (1_795_348_800, "2026-11-22"),  # noon
        (1_774_744_200, "2026-03-28"),  # 00:30 in the night the clocks go forward
        (1_774_747_800, "2026-03-28"),  # 02:30 summer time, an hour of the clock later
        (1_792_889_400, "2026-10-24"),  # 01:50 summer time in the night they go back
        (1_792_893_000, "2026-10-24"),  # 01:50 again
    ],
)
def test_a_night_is_named_by_the_date_it_began(at: int, day: str) -> None:
    assert nights.night_of(at, "Europe/London") == day


@pytest.mark.django_db(transaction=True)
def test_the_whole_round_judges_in_a_process_of_its_own(controller: Controller) -> None:
    from controller.fleet.models import Verdict

    machine = controller.machine()
    envelope = machine.report(machine.content({"locking": locking(600)}))
    machine.supply(controller.door.post(envelope).receipt.need)
    judge_everything(NOW)
    assert Verdict.objects.filter(device_id=machine.device).exists()
