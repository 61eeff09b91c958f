"""A device's chain of reports: what may follow what, and what is answered when it may not."""

import pytest

from controller.fleet import packed
from controller.fleet.models import Device, Fork, Report
from tests.controller.intake.conftest import Controller
from wire import dsse, types
from wire.report import content_digest


def test_a_first_report_is_stored_before_its_receipt_is_given(controller: Controller) -> None:
    machine = controller.machine()
    envelope = machine.report()
    reply = controller.door.post(envelope)
    assert reply.status == 202
    assert reply.receipt.request == dsse.digest(envelope)
    assert reply.receipt.status == "accepted"
    row = Report.objects.get(device_id=machine.device, seq=1)
    assert packed.envelope(bytes(row.envelope), types.REPORT, machine.public) == envelope


def test_the_same_report_again_gets_a_receipt_and_no_second_row(controller: Controller) -> None:
    machine = controller.machine()
    envelope = machine.report()
    controller.door.post(envelope)
    again = controller.door.post(envelope)
    assert (again.status, again.receipt.status) == (200, "duplicate")
    assert Report.objects.filter(device_id=machine.device).count() == 1


def test_an_old_report_again_is_a_duplicate_too(controller: Controller) -> None:
    machine = controller.machine()
    first = machine.report()
    controller.door.post(first)
    controller.door.post(machine.report())
    assert controller.door.post(first).receipt.status == "duplicate"
    assert Device.objects.get(id=machine.device).head_seq == 2


def test_another_report_for_a_taken_place_is_a_fork_and_both_envelopes_are_kept(
    controller: Controller,
) -> None:
    machine = controller.machine()
    first = machine.report()
    controller.door.post(first)
    other = machine.sign(machine.draft(seq=1, prev="", boot="elsewhere"), advance=False)
    reply = controller.door.post(other)
    assert (reply.status, reply.problem.code) == (409, "fork")
    assert reply.problem.head is not None
    assert reply.problem.head.hash == dsse.digest(first)
    fork = Fork.objects.get(device_id=machine.device)
    assert packed.envelope(bytes(fork.envelope), types.REPORT, machine.public) == other
    assert Device.objects.get(id=machine.device).n_forks == 1
    assert Device.objects.get(id=machine.device).head_hash == dsse.digest(first)


def test_a_report_that_follows_another_past_is_a_fork(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report())
    stray = machine.sign(machine.draft(prev=dsse.digest(b"another past")), advance=False)
    assert controller.door.post(stray).problem.code == "fork"


def test_forks_of_one_device_cannot_fill_the_disk(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report())
    for turn in range(40):
        draft = machine.draft(seq=1, prev="", boot=f"copy-{turn}", created_at=1_795_000_000)
        controller.door.post(machine.sign(draft, advance=False))
    assert Fork.objects.filter(device_id=machine.device).count() == 16


def test_a_report_that_skips_one_is_told_where_the_controller_stands(
    controller: Controller,
) -> None:
    machine = controller.machine()
    first = machine.report()
    controller.door.post(first)
    lost = machine.report()
    reply = controller.door.post(machine.report())
    assert (reply.status, reply.problem.code) == (409, "gap")
    assert reply.problem.head is not None
    assert (reply.problem.head.seq, reply.problem.head.hash) == (1, dsse.digest(first))
    assert controller.door.post(lost).status == 202


def test_the_order_is_the_chain_and_never_the_clock(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report(created_at=4_000_000_000))
    reply = controller.door.post(machine.report(created_at=0))
    assert reply.status == 202
    device = Device.objects.get(id=machine.device)
    assert (device.head_seq, device.last_created_at) == (2, 0)


@pytest.mark.parametrize("ahead", [3_600, 10 * 365 * 86_400])
def test_a_clock_that_is_ahead_is_accepted_and_written_down(
    controller: Controller, ahead: int
) -> None:
    from tests.controller.intake.machine import NOW

    machine = controller.machine()
    assert controller.door.post(machine.report(created_at=NOW + ahead)).status == 202
    assert Device.objects.get(id=machine.device).skew_seconds == ahead


def test_a_report_can_come_packed(controller: Controller) -> None:
    machine = controller.machine()
    envelope = machine.report()
    reply = controller.door.post(envelope, gzip=True)
    assert reply.receipt.request == dsse.digest(envelope)


def test_an_unchanged_night_is_one_hash(controller: Controller) -> None:
    machine = controller.machine()
    content = machine.content()
    machine.supply(controller.door.post(machine.report(content)).receipt.need)
    quiet = machine.report(content_digest(content))
    assert len(quiet) <= 1024
    assert controller.door.post(quiet).receipt.need == []
