"""What is let go after its days, and what never is."""

from controller.fleet import retention, services
from controller.fleet.models import Device, Held, JoinCode, PastVerdict, Report, Section, Standing
from inventory.models import Event, EventNote
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from tests.controller.judging.bodies import locking
from tests.controller.judging.conftest import JudgeNow

DAY = 86_400
YEARS_LATER = NOW + 7 * 366 * DAY


def test_old_reports_go_but_never_the_head_nor_the_one_that_holds_the_content(
    controller: Controller, judge_now: JudgeNow
) -> None:
    from wire.report import content_digest

    machine = controller.machine()
    content = machine.content({"locking": locking(600)})
    for body in (machine.content({"locking": locking(60)}), content):
        machine.supply(controller.door.post(machine.report(body)).receipt.need, [locking(600)])
    for _ in range(3):
        controller.door.post(machine.report(content_digest(content)))
    retention.prune(controller.site, NOW + 399 * DAY)
    assert Report.objects.count() == 5
    retention.prune(controller.site, NOW + 401 * DAY)
    assert sorted(Report.objects.values_list("seq", flat=True)) == [2, 5]
    # The chain goes on, and the facts can still be judged.
    assert controller.door.post(machine.report(content_digest(content))).status == 202
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    assert not any(judged.failed for judged in judge_now())


def test_a_report_past_its_days_is_not_taken_for_a_new_one(controller: Controller) -> None:
    machine = controller.machine()
    first = machine.report()
    controller.door.post(first)
    controller.door.post(machine.report(machine.content({"locking": locking(1)})))
    retention.prune(controller.site, NOW + 401 * DAY)
    assert controller.door.post(first).problem.code == "fork"


def test_bodies_nobody_holds_any_more_go(controller: Controller) -> None:
    machine = controller.machine()
    for seconds in (60, 600):
        body = {"locking": locking(seconds)}
        machine.supply(controller.door.post(machine.report(machine.content(body))).receipt.need)
    assert Section.objects.count() == 2
    retention.prune(controller.site, NOW)
    assert Section.objects.get().id == Held.objects.get().section_id


def test_sets_of_results_that_no_computer_has_any_more_go_after_a_day(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    services.set_profile(machine.device, "office", actor="system", at=NOW)
    for seconds in (600, 36_000):
        body = {"locking": locking(seconds)}
        machine.supply(controller.door.post(machine.report(machine.content(body))).receipt.need)
        judge_now()
    retention.prune(controller.site, NOW + DAY)
    assert Standing.objects.count() == 2
    retention.prune(controller.site, NOW + DAY + 1)
    assert Standing.objects.get().id == Device.objects.get().standing


def test_words_are_emptied_and_the_event_stays(controller: Controller) -> None:
    machine = controller.machine()
    services.revoke(machine.device, actor="user_1", at=NOW, reason="Given to Mr Jones")
    digest = Event.objects.get(verb="device.revoke").reason_digest
    retention.prune(controller.site, YEARS_LATER)
    event = Event.objects.get(verb="device.revoke")
    assert event.reason_digest == digest
    assert EventNote.objects.get(event=event).text == ""


def test_old_intervals_and_spent_codes_go(controller: Controller, judge_now: JudgeNow) -> None:
    machine = controller.machine()
    machine.supply(controller.door.post(machine.report()).receipt.need)
    judge_now()
    services.revoke(machine.device, actor="system", at=NOW + 60)
    controller.code(days=1)
    assert PastVerdict.objects.exists()
    pruned = retention.prune(controller.site, YEARS_LATER)
    assert pruned.past_verdicts > 0
    assert pruned.join_codes == 1
    # The code a computer joined with stays for as long as the computer does.
    assert JoinCode.objects.count() == 1


def test_of_a_computer_that_left_six_years_ago_only_id_and_key_stay(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("Mr Jones")
    other = controller.machine("lab-2")
    for one in (machine, other):
        body = {"locking": locking(60)}
        one.supply(controller.door.post(one.report(one.content(body))).receipt.need)
    judge_now()
    services.revoke(machine.device, actor="system", at=NOW)
    assert retention.prune(controller.site, NOW + 6 * 366 * DAY).computers == 0
    assert retention.prune(controller.site, YEARS_LATER).computers == 1
    gone = Device.objects.get(id=machine.device)
    assert (gone.name, gone.factors, gone.state) == ("", {}, "revoked")
    assert not Report.objects.filter(device=gone).exists()
    assert Event.objects.get(verb="device.forget").subject == machine.device
    # Its key is still known for what it is, and the others are as they were.
    assert controller.door.post(machine.report()).problem.code == "revoked"
    assert Held.objects.get().device_id == other.device
    assert retention.prune(controller.site, YEARS_LATER + DAY).computers == 0
