"""A report that travels packed is the same report: answered, chained and kept by its envelope."""

import zlib

import pytest

from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import Reply
from wire import dsse, frame, limits, types


def post(controller: Controller, body: bytes, kind: str = types.PACKED_TYPE) -> Reply:
    """Post a body under a content type of its own."""
    return controller.door.ask("POST", "/v1/reports", body, content_type=kind)


@pytest.mark.parametrize("kind", [types.PACKED_TYPE, types.PACKED_TYPE.upper() + "; v=1"])
def test_the_receipt_names_the_envelope_and_not_the_frame(
    controller: Controller, kind: str
) -> None:
    envelope = controller.machine().report()
    reply = post(controller, frame.pack(envelope), kind)
    assert reply.status == 202
    assert reply.receipt.request == dsse.digest(envelope)


def test_a_report_packed_and_then_plain_is_one_report(controller: Controller) -> None:
    envelope = controller.machine().report()
    assert post(controller, frame.pack(envelope)).receipt.status == "accepted"
    assert controller.door.post(envelope).receipt.status == "duplicate"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"\x01" + bytes(200), "malformed"),
        (b"\x01" + bytes(96) + zlib.compress(bytes(1 << 24))[2:-4], "too_large"),
        (b"\x01" * (limits.BODY_COMPRESSED + 1), "too_large"),
    ],
)
def test_what_is_no_frame_is_refused_and_signed(
    controller: Controller, body: bytes, code: str
) -> None:
    assert post(controller, body).problem.code == code


def test_a_frame_with_a_damaged_signature_is_a_stranger(controller: Controller) -> None:
    packed = bytearray(frame.pack(controller.machine().report()))
    packed[40] ^= 1
    assert post(controller, bytes(packed)).problem.code == "unknown_key"
