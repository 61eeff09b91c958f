"""Who may speak for a device, and what those who may not can learn."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.fleet import services
from controller.fleet.models import Device, Report
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from wire import dsse, keys, types
from wire.problem import Problem


def _told(problem: Problem) -> tuple[str, str, object, object]:
    return problem.code, problem.sentence, problem.head, problem.retry_after_seconds


def test_an_unknown_key_a_revoked_key_badly_signed_and_anothers_name_look_alike(
    controller: Controller,
) -> None:
    known, revoked = controller.machine("known"), controller.machine("revoked")
    services.revoke(revoked.device, actor="system", at=NOW)
    stranger = Machine(controller.door, device=known.device)
    in_anothers_name = Machine(
        controller.door, device=known.device, key=controller.machine("x").key
    )
    forged = bytearray(revoked.report())
    at = forged.index(b'"sig":"') + 10
    forged[at] = ord("A") if forged[at] != ord("A") else ord("B")
    replies = [
        controller.door.post(stranger.report()),
        controller.door.post(in_anothers_name.report()),
        controller.door.post(bytes(forged)),
    ]
    assert {reply.status for reply in replies} == {401}
    assert len({_told(reply.problem) for reply in replies}) == 1
    assert replies[0].problem.code == "unknown_key"


def test_a_revoked_device_is_told_so_once_its_signature_fits(controller: Controller) -> None:
    machine = controller.machine()
    services.revoke(machine.device, actor="system", at=NOW)
    reply = controller.door.post(machine.report())
    assert (reply.status, reply.problem.code) == (403, "revoked")


def test_a_device_nobody_let_in_waits(controller: Controller) -> None:
    machine = Machine(controller.door)
    machine.join(controller.code())
    reply = controller.door.post(machine.report())
    assert (reply.status, reply.problem.code) == (403, "pending")
    assert reply.headers["Retry-After"] == "3600"
    assert not Report.objects.exists()


def test_a_device_that_was_turned_away_stops(controller: Controller) -> None:
    machine = Machine(controller.door)
    machine.join(controller.code())
    services.refuse(machine.device, actor="system", at=NOW)
    assert controller.door.post(machine.report()).problem.code == "refused"


def test_every_refusal_names_the_bytes_it_is_about(controller: Controller) -> None:
    for body in (b"", b"{}", b"not json", b"[" * 5_000, b"\xff\xfe", b'{"a":1.5}'):
        reply = controller.door.post(body)
        assert reply.problem.request == dsse.digest(body)
        assert reply.status in (400, 422)


def test_a_message_of_another_kind_is_no_report(controller: Controller) -> None:
    machine = controller.machine()
    payload = dsse.parse(machine.report()).payload
    other = dsse.sign(payload, types.ENROL, machine.key)
    assert controller.door.post(other).problem.code == "bad_type"


def test_a_report_of_a_newer_agent_with_a_field_more_is_taken(
    controller: Controller,
) -> None:
    machine = controller.machine()
    payload = dsse.parse(machine.sign(machine.draft(), advance=False)).payload
    extra = payload.replace(b'{"agent"', b'{"aaa":1,"agent"')
    reply = controller.door.post(dsse.sign(extra, types.REPORT, machine.key))
    assert reply.receipt.status == "accepted"
    assert Device.objects.get(id=machine.device).head_seq == 1


# Every example must leave the controller as it was, which is the point, so one will do for all.
_ONE_CONTROLLER = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
_MANGLE = st.tuples(st.integers(0, 10_000), st.sampled_from(["flip", "cut", "double", "swap"]))


def _mangle(data: bytes, at: int, how: str) -> bytes:
    at %= len(data)
    if how == "flip":
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    if how == "cut":
        return data[:at] + data[at + 1 :]
    if how == "double":
        return data[:at] + data[at : at + 1] + data[at:]
    nxt = (at + 1) % len(data)
    swapped = bytearray(data)
    swapped[at], swapped[nxt] = swapped[nxt], swapped[at]
    return bytes(swapped)


@pytest.fixture
def tampered(controller: Controller) -> tuple[Controller, Machine, bytes]:
    """A controller, a machine, and a good report of it that was not sent."""
    machine = controller.machine()
    return controller, machine, machine.report()


@settings(max_examples=150, suppress_health_check=_ONE_CONTROLLER)
@given(_MANGLE)
def test_no_altered_envelope_is_ever_accepted(
    tampered: tuple[Controller, Machine, bytes], mangle: tuple[int, str]
) -> None:
    controller, machine, envelope = tampered
    altered = _mangle(envelope, *mangle)
    if altered == envelope:
        return
    reply = controller.door.post(altered)
    assert reply.status >= 400
    assert reply.problem.request == dsse.digest(altered)
    assert not Report.objects.filter(device_id=machine.device).exists()


@settings(max_examples=100, suppress_health_check=_ONE_CONTROLLER)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_get_anything_but_a_signed_refusal(
    tampered: tuple[Controller, Machine, bytes], body: bytes
) -> None:
    controller, _, _ = tampered
    for path in ("/v1/reports", "/v1/enrol"):
        reply = controller.door.post(body, path=path)
        assert 400 <= reply.status < 500
        assert reply.problem.request == dsse.digest(body)


def test_a_key_anyone_can_sign_for_is_refused(controller: Controller) -> None:
    machine = Machine(controller.door)
    envelope = machine.introduction(controller.code())
    weak = keys.to_text(b"\x01" + bytes(31))
    payload = dsse.parse(envelope).payload.replace(
        keys.to_text(machine.public).encode(), weak.encode()
    )
    reply = controller.door.post(dsse.sign(payload, types.ENROL, machine.key), path="/v1/enrol")
    assert (reply.status, reply.problem.code) == (422, "bad_key")
    assert not Device.objects.exists()
