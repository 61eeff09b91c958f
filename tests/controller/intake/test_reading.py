"""Bodies at the door: too long, cut short, bombs, nested without end, or for a full disk."""

import gzip
import tracemalloc
import zlib
from pathlib import Path

import pytest

from controller import clock
from controller.fleet.models import Report
from controller.intake import reading
from controller.intake.app import Intake
from controller.intake.disk import Disk
from controller.intake.rates import Rates
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Chunks
from wire import dsse, limits

_PIECE = 64 * 1024
"""What a server hands over at once."""


def test_what_is_declared_too_long_is_drained_and_then_refused(controller: Controller) -> None:
    body = Chunks(b"x" * 300_000)
    reply = controller.door.ask("POST", "/v1/reports", body, length=300_000)
    assert (reply.status, reply.problem.code) == (413, "too_large")
    assert body.taken == 300_000


def test_draining_ends_at_its_bound(controller: Controller) -> None:
    size = 8 * reading.DRAIN
    body = Chunks(b"x" * size, piece=_PIECE)
    reply = controller.door.ask("POST", "/v1/reports", body, length=size)
    assert reply.status == 413
    assert body.taken <= reading.DRAIN + _PIECE


def test_a_chunked_body_without_a_length_is_bounded_too(controller: Controller) -> None:
    body = Chunks(b"x" * (8 * reading.DRAIN), piece=_PIECE)
    reply = controller.door.ask("POST", "/v1/reports", body, length="")
    assert reply.problem.code == "too_large"
    assert body.taken <= limits.ENVELOPE + reading.DRAIN + 2 * _PIECE


def test_a_chunked_report_is_read_to_its_end(controller: Controller) -> None:
    machine = controller.machine()
    envelope = machine.report()
    reply = controller.door.ask("POST", "/v1/reports", Chunks(envelope, piece=7), length="")
    assert reply.status == 202


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 40, " 5"])
def test_a_length_that_is_no_number_is_refused(controller: Controller, length: str) -> None:
    reply = controller.door.ask("POST", "/v1/reports", b"12345", length=length)
    assert (reply.status, reply.problem.code) == (400, "malformed")


def test_a_body_cut_short_is_refused_under_another_name(controller: Controller) -> None:
    machine = controller.machine()
    envelope = machine.report()
    half = Chunks(envelope[: len(envelope) // 2])
    reply = controller.door.ask("POST", "/v1/reports", half, length=len(envelope))
    assert reply.status == 400
    # The agent asked about other bytes, so it acts on nothing and sends again (O1).
    assert reply.problem.request != dsse.digest(envelope)
    assert controller.door.post(envelope).status == 202


def test_a_gzip_bomb_costs_no_more_than_an_honest_body(controller: Controller) -> None:
    size = 64 * 1024 * 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()
    assert len(bomb) < limits.BODY_COMPRESSED
    controller.door.ask("POST", "/v1/reports", b"x", content_encoding="gzip")  # loads what it needs
    tracemalloc.start()
    reply = controller.door.ask("POST", "/v1/reports", bomb, content_encoding="gzip")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (reply.status, reply.problem.code) == (413, "too_large")
    assert most < 4 * limits.BODY_INFLATED


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(gzip.compress(b"{}") + gzip.compress(b"{}"), id="two members"),
        pytest.param(gzip.compress(b"{}")[:-4], id="cut short"),
        pytest.param(zlib.compress(b"{}"), id="zlib"),
        pytest.param(b"not gzip", id="text"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_says_it_is_gzip_and_is_not_quite_is_refused(
    controller: Controller, packed: bytes
) -> None:
    reply = controller.door.ask("POST", "/v1/reports", packed, content_encoding="gzip")
    assert (reply.status, reply.problem.code) == (400, "malformed")


def test_another_encoding_is_refused(controller: Controller) -> None:
    reply = controller.door.ask("POST", "/v1/reports", b"{}", content_encoding="br")
    assert reply.status == 400


@pytest.mark.parametrize("body", [b"[" * 90_000, b'{"a":' * 15_000, b"[" * 40_000 + b"]" * 40_000])
def test_deep_nesting_is_refused_without_harm(controller: Controller, body: bytes) -> None:
    assert controller.door.post(body).problem.code in ("malformed", "too_large")


def test_a_section_larger_than_agreed_is_refused(controller: Controller) -> None:
    machine = controller.machine()
    reply = machine.put(b"x" * (limits.SECTION + 1))
    assert (reply.status, reply.problem.code) == (413, "too_large")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/reports"),
        ("POST", "/v1/hello"),
        ("PUT", "/v1/sections/"),
        ("PUT", "/v1/sections/../../etc/passwd"),
        ("PUT", f"/v1/sections/{'A' * 64}"),
        ("GET", "/v1/enrol/"),
        ("DELETE", "/v1/enrol/dev_1"),
        ("GET", "/v1/"),
    ],
)
def test_a_path_that_is_not_there_says_so(controller: Controller, method: str, path: str) -> None:
    reply = controller.door.ask(method, path)
    assert (reply.status, reply.problem.code) == (404, "not_found")


def test_on_a_full_disk_reports_wait_and_are_not_even_read(
    controller: Controller, tmp_path: Path
) -> None:
    full = Disk(tmp_path, reserve_bytes=1 << 62)
    intake = controller.door.intake
    controller.door.intake = Intake(
        controller.writer,
        intake._signer,
        introduce=intake._introduce,
        roots=intake._roots,
        full=full.is_full,
    )
    body = Chunks(b"x" * 1000)
    reply = controller.door.ask("POST", "/v1/reports", body, length=1000)
    assert (reply.status, reply.problem.code) == (503, "busy")
    assert int(reply.headers["Retry-After"]) > 0
    assert body.taken == 0


def test_a_disk_with_room_is_not_full(tmp_path: Path) -> None:
    assert not Disk(tmp_path, reserve_bytes=0).is_full()


def test_a_device_that_reports_too_often_is_slowed_down(controller: Controller) -> None:
    machine = controller.machine()
    codes = [controller.door.post(machine.report()) for _ in range(11)]
    assert [reply.status for reply in codes] == [202] * 10 + [429]
    assert codes[10].problem.retry_after_seconds == 60
    clock.use(lambda: NOW + 60)
    machine.seq, machine.prev = 10, dsse.digest(_last_envelope(machine.device))
    assert controller.door.post(machine.report()).status == 202


def test_a_backlog_is_let_in_faster(controller: Controller) -> None:
    machine = controller.machine()
    nights = [machine.report(created_at=NOW - 86_400 * n) for n in range(60, 0, -1)]
    assert {controller.door.post(night).status for night in nights} == {202}


def test_large_reports_are_bounded_by_what_they_take_on_the_disk() -> None:
    counted = Rates()
    sent = 0
    for _ in range(400):
        if counted.report("dev_a", 0, 64 * 1024, NOW) is None:
            sent += 64 * 1024
    assert 8 * 2**20 <= sent <= 9 * 2**20
    assert counted.report("dev_b", 0, 64 * 1024, NOW) is None
    small = [counted.report("dev_c", 0, 6_000, NOW) for _ in range(400)]
    assert set(small) == {None}, "a whole backlog of an honest computer"


def test_one_busy_device_slows_no_other_down(controller: Controller) -> None:
    busy, quiet = controller.machine("busy"), controller.machine("quiet")
    for _ in range(12):
        controller.door.post(busy.report())
    assert controller.door.post(quiet.report()).status == 202


def _last_envelope(device: str) -> bytes:
    from controller.fleet import packed
    from controller.fleet.models import Device
    from wire import types

    row = Report.objects.filter(device_id=device).order_by("-seq")[0]
    public = bytes(Device.objects.get(id=device).public_key)
    return packed.envelope(bytes(row.envelope), types.REPORT, public)
