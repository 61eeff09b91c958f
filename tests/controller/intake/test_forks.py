"""A second report for a taken place: set back, copied, or for a person to say. Nobody is locked
out and nobody accused.
"""

import pytest

from controller import clock
from controller.fleet import packed
from controller.fleet.forks import cures, rule
from controller.fleet.models import Device, Fork, Report
from inventory.ledger.models import Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine, Reply
from wire import binding, dsse, types

HERE = {"uuid": "4c4c4544-0042-3510-8054-b7c04f4b5931", "board_serial": "PF2K9QXA"}
THERE = {"uuid": "4c4c4544-0042-3510-8054-b7c04f4b7777", "board_serial": "PF2K9QXB"}


def laptop(controller: Controller, nights: int = 2) -> Machine:
    """A computer with enough marks, and some nights of reports."""
    machine = controller.machine(**HERE)
    for _ in range(nights):
        night(controller, machine)
    return machine


def night(controller: Controller, machine: Machine, hardware: dict[str, str] = HERE) -> None:
    assert controller.door.post(report(machine, hardware)).status == 202


def report(machine: Machine, hardware: dict[str, str] = HERE, *, boot: str = "boot-1") -> bytes:
    draft = machine.draft(binding=binding.digest(hardware), boot=boot)
    return machine.sign(draft)


def set_back(machine: Machine, seq: int, prev: str) -> None:
    machine.seq, machine.prev = seq, prev


def forked(
    controller: Controller, machine: Machine, hardware: dict[str, str] = HERE, boot: str = "other"
) -> tuple[bytes, Reply]:
    """The same key, one night earlier, from some hardware."""
    here = (machine.seq, machine.prev)
    draft = machine.draft(
        seq=1, prev="", binding=binding.digest(hardware), boot=boot, created_at=NOW - 9 * 86_400
    )
    envelope = machine.sign(draft, advance=False)
    set_back(machine, *here)
    return envelope, controller.door.post(envelope)


def verbs(machine: Machine) -> list[str]:
    return list(
        Event.objects.filter(subject=machine.device).order_by("seq").values_list("verb", flat=True)
    )


def test_the_same_hardware_goes_on_from_the_head_and_it_is_logged(controller: Controller) -> None:
    machine = laptop(controller)
    envelope, reply = forked(controller, machine)
    assert (reply.status, reply.problem.code) == (409, "rolled_back")
    assert reply.problem.request == dsse.digest(envelope)
    assert reply.problem.head is not None
    set_back(machine, reply.problem.head.seq, reply.problem.head.hash)
    night(controller, machine)
    assert Report.objects.filter(device_id=machine.device).count() == 3
    assert verbs(machine)[-1] == "device.rollback"


def test_other_hardware_is_told_to_become_a_computer_of_its_own(controller: Controller) -> None:
    machine = laptop(controller)
    _, reply = forked(controller, machine, THERE)
    assert reply.problem.code == "copied"
    assert verbs(machine)[-1] == "device.copy"
    night(controller, machine)
    assert Device.objects.get(id=machine.device).fork_since is None


def test_the_original_keeps_its_identity_even_if_a_copy_reported_first(
    controller: Controller,
) -> None:
    machine = laptop(controller)
    stood = (machine.seq, machine.prev)
    night(controller, machine, THERE)
    copys = (machine.seq, machine.prev)
    set_back(machine, *stood)
    reply = controller.door.post(report(machine, HERE))
    assert reply.problem.code == "rolled_back"
    assert reply.problem.head is not None
    set_back(machine, reply.problem.head.seq, reply.problem.head.hash)
    night(controller, machine)
    set_back(machine, *copys)
    assert controller.door.post(report(machine, THERE)).problem.code == "copied"


def test_a_card_in_a_dock_makes_no_other_computer(controller: Controller) -> None:
    machine = laptop(controller)
    docked = HERE | {"macs": "00:e0:4c:68:00:01"}
    for hardware in (docked, docked, HERE):
        night(controller, machine, hardware)
    assert forked(controller, machine, docked)[1].problem.code == "rolled_back"


def test_the_fourth_time_in_a_term_a_person_is_asked(controller: Controller) -> None:
    machine = laptop(controller)
    said = [
        forked(controller, machine, boot=f"boot-{turn}")[1].problem.code
        for turn in range(rule.ROLLBACKS + 1)
    ]
    assert said == ["rolled_back"] * rule.ROLLBACKS + ["fork"]
    assert Device.objects.get(id=machine.device).fork_since == NOW
    clock.use(lambda: NOW + rule.TERM_SECONDS + 1)
    assert forked(controller, machine, boot="next term")[1].problem.code == "rolled_back"


def test_a_lost_answer_is_given_again_and_counted_once(controller: Controller) -> None:
    machine = laptop(controller)
    envelope, _ = forked(controller, machine)
    for _ in range(6):
        assert controller.door.post(envelope).problem.code == "rolled_back"
    assert Fork.objects.filter(device_id=machine.device).count() == 1
    assert verbs(machine).count("device.rollback") == 1


@pytest.mark.parametrize("factors", [{}, {"uuid": HERE["uuid"]}], ids=["none", "one"])
def test_too_few_marks_wait_for_a_person_and_ask_again(
    controller: Controller, factors: dict[str, str]
) -> None:
    machine = controller.machine(**factors)
    night(controller, machine, factors)
    _, reply = forked(controller, machine, factors)
    assert reply.problem.code == "fork"
    assert reply.problem.retry_after_seconds == 3_600
    night(controller, machine, factors)
    assert Device.objects.get(id=machine.device).fork_since == NOW


@pytest.mark.parametrize(
    ("said", "code"), [("one", "rolled_back"), ("two", "copied")], ids=["one", "two"]
)
def test_what_a_person_said_counts_for_the_next_fork_only(
    controller: Controller, said: rule.Cure, code: str
) -> None:
    machine = controller.machine()
    night(controller, machine)
    envelope, reply = forked(controller, machine)
    assert reply.problem.code == "fork"
    cures.say(machine.device, said, actor="user_1", at=NOW)
    assert controller.door.post(envelope).problem.code == code
    assert forked(controller, machine, boot="yet another")[1].problem.code == "fork"
    assert verbs(machine)[-3:] == ["device.fork_said", VERB[said], "device.fork"]


VERB = {"one": "device.rollback", "two": "device.copy"}


def test_both_envelopes_are_kept_when_the_report_itself_is_pruned(controller: Controller) -> None:
    machine = controller.machine(**HERE)
    first = report(machine)
    controller.door.post(first)
    other, _ = forked(controller, machine, THERE)
    Report.objects.filter(device_id=machine.device).delete()
    fork = Fork.objects.get(device_id=machine.device)
    kept = [bytes(fork.held), bytes(fork.envelope)]
    assert [packed.envelope(one, types.REPORT, machine.public) for one in kept] == [first, other]
