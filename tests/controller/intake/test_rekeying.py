"""A computer changes its key: the chain goes on, the old key is refused, old reports hold."""

import base64
from collections.abc import Callable

import msgspec
import pytest

from controller.fleet import packed, services
from controller.fleet.device_keys import keys_of
from controller.fleet.models import Device, Enrolment, PastKey, Report
from inventory.models import Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine, Reply
from wire import dsse, enrolment, keys, problem, rekey, report, sealed, succession, types

NONCE = "0123456789abcdef" * 2


def hand_over(machine: Machine, *, seq: int = 0) -> tuple[bytes, Reply]:
    """The computer makes a new key and asks; it signs with the new one from then on."""
    new = keys.generate()
    envelope = rekey.sign_rekey(machine.device, seq or machine.seq + 1, NONCE, machine.key, new)
    reply = machine.door.post(envelope, path="/v1/rekey")
    if reply.status == 200:
        machine.key = new
    return envelope, reply


def test_the_chain_goes_on_under_the_new_key(controller: Controller) -> None:
    machine = controller.machine()
    for _ in range(2):
        assert controller.door.post(machine.report()).status == 202
    envelope, reply = hand_over(machine)
    assert reply.status == 200
    answer = reply.enrolment
    assert (answer.request, answer.device) == (dsse.digest(envelope), machine.device)
    assert answer.words == keys.words(machine.public)
    assert controller.door.post(machine.report()).receipt.seq == 3
    device = Device.objects.get(id=machine.device)
    assert (device.head_seq, device.key_id) == (3, keys.key_id(machine.public))


def test_the_old_key_signs_nothing_any_more(controller: Controller) -> None:
    machine = controller.machine()
    old = machine.key
    assert controller.door.post(machine.report()).status == 202
    hand_over(machine)
    machine.key = old
    reply = controller.door.post(machine.sign(machine.draft(), advance=False))
    assert (reply.status, reply.problem.code) == (409, "copied")
    assert Report.objects.filter(device_id=machine.device).count() == 1
    _, again = hand_over(machine)
    assert again.problem.code == "unknown_key"
    assert machine.join(controller.code()).problem.code == "already_enrolled"


def test_a_key_that_is_changed_on_and_on_has_to_wait_and_fills_no_disk(
    controller: Controller,
) -> None:
    machine = controller.machine()
    replies = [hand_over(machine)[1] for _ in range(12)]
    refused = [reply.problem for reply in replies if reply.status != 200]
    assert {one.code for one in refused} == {"slow_down"}
    assert all(one.retry_after_seconds for one in refused)
    assert PastKey.objects.filter(device_id=machine.device).count() == 12 - len(refused) <= 6
    assert controller.door.post(machine.report()).status == 202


def test_a_computer_set_back_to_before_its_change_of_key_is_told_to_ask_anew(
    controller: Controller,
) -> None:
    """It cannot go on, but nobody has to walk there: it appears among those that wait."""
    machine = controller.machine()
    old = machine.key
    controller.door.post(machine.report())
    hand_over(machine)
    machine.key = old
    told = controller.door.post(machine.sign(machine.draft(), advance=False)).problem
    assert problem.action_for(told.code) == "set_aside"
    nonce, new = "5" * 32, keys.generate()
    public = keys.public_bytes(new)
    enrol = enrolment.Enrol(
        token=machine.device,
        public_key=keys.to_text(public),
        nonce=nonce,
        proof=succession.prove(old, machine.device, nonce, public),
        created_at=NOW,
        agent="0.1.0",
        host_name="lab-1",
        platform="linux",
        factors=[],
        was=machine.device,
    )
    reply = controller.door.post(enrolment.sign_enrol(enrol, new), path="/v1/enrol")
    assert reply.enrolment.status == "pending"
    waiting = Device.objects.get(id=reply.enrolment.device)
    assert (waiting.was, waiting.was_signed) == (machine.device, True)


def test_a_former_key_in_anothers_name_or_of_a_withdrawn_computer_tells_nothing(
    controller: Controller,
) -> None:
    machine, other = controller.machine("one"), controller.machine("two")
    old = machine.key
    hand_over(machine)
    machine.key = old
    named = machine.sign(machine.draft(device=other.device), advance=False)
    assert controller.door.post(named).problem.code == "unknown_key"
    services.revoke(machine.device, actor="system", at=NOW)
    withdrawn = machine.sign(machine.draft(), advance=False)
    assert controller.door.post(withdrawn).problem.code == "unknown_key"


def test_past_reports_are_verified_by_the_key_of_their_time(controller: Controller) -> None:
    machine = controller.machine()
    for _ in range(3):
        controller.door.post(machine.report())
        hand_over(machine)
    controller.door.post(machine.report())
    device = Device.objects.get(id=machine.device)
    history = list(PastKey.objects.filter(device=device).order_by("from_seq"))
    assert [(one.from_seq, one.until_seq) for one in history] == [(1, 1), (2, 2), (3, 3)]
    signed_with = keys_of(device)
    for row in Report.objects.filter(device=device):
        key = signed_with(row.seq)
        envelope = packed.envelope(bytes(row.envelope), types.REPORT, key)
        assert report.open_report(dsse.parse(envelope), key).seq == row.seq
    joined = Enrolment.objects.get(device=device)
    asked = packed.envelope(bytes(joined.envelope), types.ENROL, signed_with(0))
    assert dsse.digest(asked) == joined.digest


def test_the_same_request_again_is_answered_alike(controller: Controller) -> None:
    machine = controller.machine()
    envelope, first = hand_over(machine)
    again = controller.door.post(envelope, path="/v1/rekey")
    assert first.enrolment == again.enrolment
    assert PastKey.objects.count() == 1
    assert Event.objects.filter(verb="device.rekey").count() == 1


def stranger(machine: Machine) -> bytes:
    """Somebody who knows the device's id and has a key of their own."""
    return rekey.sign_rekey(machine.device, 1, NONCE, keys.generate(), keys.generate())


def nobody(machine: Machine) -> bytes:
    """For a device there is not."""
    return rekey.sign_rekey("dev_01BX5ZZKBKACTAV9WEVGEMMVRZ", 1, NONCE, machine.key, machine.key)


def not_both(machine: Machine) -> bytes:
    """The old key's word for one key, brought by another."""
    good = rekey.open_rekey(
        dsse.parse(rekey.sign_rekey(machine.device, 1, NONCE, machine.key, keys.generate()))
    )
    mine = keys.generate()
    changed = msgspec.structs.replace(good, public_key=keys.to_text(keys.public_bytes(mine)))
    return sealed.seal(changed, types.REKEY, mine)


@pytest.mark.parametrize("make", [stranger, nobody, not_both])
def test_who_does_not_hold_the_old_key_learns_nothing(
    controller: Controller, make: Callable[[Machine], bytes]
) -> None:
    machine = controller.machine()
    reply = controller.door.post(make(machine), path="/v1/rekey")
    assert (reply.status, reply.problem.code) == (401, "unknown_key")
    assert reply.problem.sentence == problem.SENTENCES["unknown_key"]
    assert controller.door.post(machine.report()).status == 202


def test_a_key_that_any_computer_has_or_had_is_not_taken(controller: Controller) -> None:
    one, two = controller.machine("one"), controller.machine("two")
    had = two.key
    hand_over(two)
    for used in (had, two.key):
        envelope = rekey.sign_rekey(one.device, 1, NONCE, one.key, used)
        assert controller.door.post(envelope, path="/v1/rekey").problem.code == "bad_key"


def test_a_handover_ahead_of_the_chain_waits_for_the_reports_before_it(
    controller: Controller,
) -> None:
    machine = controller.machine()
    machine.report()  # never sent
    _, reply = hand_over(machine)
    assert reply.problem.code == "gap"
    assert reply.problem.head is not None
    assert reply.problem.head.seq == 0


def test_a_withdrawn_computer_changes_no_key(controller: Controller) -> None:
    machine = controller.machine()
    services.revoke(machine.device, actor="system", at=NOW)
    _, reply = hand_over(machine)
    assert reply.problem.code == "revoked"
    device = Device.objects.get(id=machine.device)
    assert (device.ended_at, device.key_id) == (NOW, keys.key_id(machine.public))


def test_bytes_that_are_no_handover_are_refused(controller: Controller) -> None:
    machine = controller.machine()
    assert controller.door.post(machine.report(), path="/v1/rekey").problem.code == "bad_type"
    odd = base64.b64encode(b"{}").decode().encode()
    assert controller.door.post(odd, path="/v1/rekey").problem.code == "malformed"
