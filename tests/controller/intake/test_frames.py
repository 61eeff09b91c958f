"""A report that travels packed is the same report: answered, chained and kept by its envelope."""

import zlib
from typing import Any

import pytest

from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import Chunks, Reply
from wire import dsse, frame, limits, types


def post(controller: Controller, body: bytes, kind: str = types.PACKED_TYPE) -> Reply:
    """Post a body under a content type of its own."""
    got: dict[str, Any] = {}
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/v1/reports",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.input": Chunks(body),
    }

    def start(status: str, head: Any) -> None:
        got["status"], got["headers"] = int(status.split(maxsplit=1)[0]), dict(head)

    answer = b"".join(controller.door.intake(environ, start))
    return Reply(got["status"], got["headers"], answer, controller.door.public)


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
