"""A report that travels packed is the same report: answered, chained and kept by its envelope."""

import zlib
from collections.abc import Callable

import pytest

from controller.fleet import packed
from controller.fleet.models import Report
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
    assert reply.receipt.frames == frame.NEWEST


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
        (b"\x02" + bytes(200), "malformed"),
        (b"\x03" + bytes(200), "malformed"),
        (b"\x01" * (limits.BODY_COMPRESSED + 1), "too_large"),
    ],
)
def test_what_is_no_frame_is_refused_and_signed(
    controller: Controller, body: bytes, code: str
) -> None:
    assert post(controller, body).problem.code == code


def test_a_frame_with_a_damaged_signature_is_a_stranger(controller: Controller) -> None:
    framed = bytearray(frame.pack(controller.machine().report()))
    framed[40] ^= 1
    assert post(controller, bytes(framed)).problem.code == "unknown_key"


def loosely_packed(envelope: bytes) -> bytes:
    """The same envelope by a sender that hardly compresses: a frame larger than what it holds."""
    parsed, framed = dsse.parse(envelope), frame.pack(envelope, frame.FIRST)
    packer = zlib.compressobj(0, zlib.DEFLATED, -zlib.MAX_WBITS)
    text = parsed.payload_type.encode() + b"\n" + parsed.payload
    return framed[: frame.HEAD] + packer.compress(text) + packer.flush()


def of_the_first_version(envelope: bytes) -> bytes:
    """As an agent packs it that has no receipt yet."""
    return frame.pack(envelope, frame.FIRST)


@pytest.mark.parametrize(
    "pack", [frame.pack, of_the_first_version, loosely_packed], ids=["well", "first", "loosely"]
)
def test_what_is_kept_is_the_envelope_to_the_byte_and_never_longer_than_our_own_packing(
    controller: Controller, pack: Callable[[bytes], bytes]
) -> None:
    machine = controller.machine()
    envelope = machine.report()
    assert post(controller, pack(envelope)).status == 202
    kept = bytes(Report.objects.get(device_id=machine.device).envelope)
    assert packed.envelope(kept, types.REPORT, machine.public) == envelope
    assert packed.payload(kept) == dsse.parse(envelope).payload
    assert len(kept) <= len(packed.pack(dsse.parse(envelope))) + len(types.REPORT) + 1
