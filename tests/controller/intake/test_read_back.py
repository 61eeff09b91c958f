"""Readings of wiped drives: found by the drive's serial number, with the signed bytes."""

import hashlib
import secrets
from typing import Any

import msgspec
import pytest

from checks.facts import encode_section
from checks.media_wipes import MediaWipe, MediaWipes
from controller.fleet import readings, retention
from controller.fleet.models import Device, ReadBack
from controller.fleet.queries import FleetQueries
from controller.people.actor import Actor, School
from controller.people.roles import Role
from inventory.disposal import serials
from inventory.disposal.proof import content
from inventory.places.services import create_site
from tests.checks.read_back import WIPE
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW
from wire import dsse, keys, report

DAY = 86_400


def reading(**changes: Any) -> MediaWipe:
    return msgspec.structs.replace(WIPE, id=secrets.token_hex(16), **changes)


def section(*wipes: MediaWipe, **changes: Any) -> list[report.NowSection]:
    body = encode_section(MediaWipes(list(wipes))).decode()
    fields: dict[str, Any] = {"schema": MediaWipes.schema, "body": body}
    return [report.NowSection(section=MediaWipes.section, **(fields | changes))]


def found(controller: Controller, **asked: str) -> list[readings.Found]:
    someone = Actor(
        "u1", "Ada", (School(controller.site, "", "UTC", frozenset({Role.TECHNICIAN})),)
    )
    return FleetQueries(someone, NOW).read_back(controller.site, **asked)


def test_a_reading_is_found_by_serial_and_by_computer_with_its_signed_bytes(
    controller: Controller,
) -> None:
    bench, other = controller.machine("bench"), controller.machine("lab-2")
    one, two = reading(), reading(serial="WD-WX11A1234567")
    envelope = bench.report(now=section(one, two))
    assert controller.door.post(envelope).status == 202
    controller.door.post(other.report(now=section(reading(serial="", typed_serial="ZA4DWX9Q"))))
    (by_serial,) = found(controller, serial="s5st nf0r-123456")
    assert (by_serial.wipe, by_serial.device_name) == (one, "bench")
    assert by_serial.verifier == f"machine:{bench.device}"
    assert by_serial.digest == dsse.digest(envelope)
    assert readings.envelope(by_serial) == envelope
    assert {got.wipe.id for got in found(controller, device=bench.device)} == {one.id, two.id}
    assert [got.device for got in found(controller, serial="ZA4DWX9Q")] == [other.device]
    assert len(found(controller)) == 3
    assert found(controller, serial="Unknown") == found(controller, serial="------") == []


def test_its_signed_bytes_are_evidence_under_the_digest_that_receipts_name(
    controller: Controller,
) -> None:
    controller.door.post(controller.machine().report(now=section(reading())))
    (one,) = found(controller)
    envelope = readings.envelope(one)
    assert envelope is not None
    assert content.recognised(envelope) == content.JSON
    assert f"sha256:{hashlib.sha256(envelope).hexdigest()}" == one.digest


def test_told_twice_it_is_one(controller: Controller) -> None:
    bench, told = controller.machine(), section(reading())
    envelope = bench.report(now=told)
    controller.door.post(envelope)
    assert controller.door.post(envelope).receipt.status == "duplicate"
    controller.door.post(bench.report(now=told))
    (kept,) = found(controller)
    assert kept.digest == dsse.digest(envelope)


def test_its_key_may_change_and_the_proof_stays(controller: Controller) -> None:
    bench = controller.machine()
    envelope = bench.report(now=section(reading()))
    controller.door.post(envelope)
    Device.objects.filter(id=bench.device).update(public_key=keys.public_bytes(keys.generate()))
    (kept,) = found(controller)
    assert readings.envelope(kept) is None, "a key that nobody knows proves nothing"
    device = Device.objects.get(id=bench.device)
    device.past_keys.create(
        site_id=controller.site,
        key_id="SHA256:x",
        public_key=keys.public_bytes(bench.key),
        from_seq=1,
        until_seq=1,
        until_at=NOW,
        next_key_id="SHA256:y",
        digest="sha256:" + "0" * 64,
        envelope=b"",
    )
    assert readings.envelope(kept) == envelope


def test_another_school_sees_none_of_it(controller: Controller) -> None:
    controller.door.post(controller.machine().report(now=section(reading())))
    elsewhere = create_site(name="Dale School", at=NOW)
    school = School(elsewhere, "", "UTC", frozenset({Role.TECHNICIAN}))
    stranger = FleetQueries(Actor("u2", "Bob", (school,)), NOW)
    assert stranger.read_back(controller.site) == stranger.read_back(elsewhere) == []


@pytest.mark.parametrize(
    "told",
    [
        section(reading(), body='{"wipes":7}'),
        section(reading(), body="{}"),
        section(reading(), body="[1]"),
        section(reading(), schema=9, body='{"wipes":"in another form"}'),
        section(msgspec.structs.replace(WIPE, id="../../x")),
        section(msgspec.structs.replace(WIPE, id="")),
    ],
)
def test_what_is_no_reading_is_passed_over_and_the_report_counts(
    controller: Controller, told: list[report.NowSection]
) -> None:
    assert controller.door.post(controller.machine().report(now=told)).status == 202
    assert ReadBack.objects.count() == 0


def test_only_the_computers_own_key_tells_it(controller: Controller) -> None:
    bench = controller.machine()
    controller.door.post(bench.report())
    draft = bench.draft(now=section(reading()))
    bench.key = keys.generate()
    assert controller.door.post(bench.sign(draft, advance=False)).status != 202
    assert ReadBack.objects.count() == 0


def test_a_hostile_computer_fills_no_table_with_one_report(controller: Controller) -> None:
    bench = controller.machine()
    small = [reading(model="", wwn="", vendor="") for _ in range(40)]
    body = encode_section(MediaWipes(small)).decode()
    assert len(body) > 16 * 1024, "which is all that travels"
    while len(encode_section(MediaWipes(small))) > 16 * 1024:
        small.pop()
    controller.door.post(bench.report(now=section(*small)))
    assert 0 < ReadBack.objects.count() <= 32


def test_a_reading_goes_with_its_report_after_its_days(controller: Controller) -> None:
    bench = controller.machine()
    controller.door.post(bench.report(now=section(reading())))
    controller.door.post(bench.report())
    retention.prune(controller.site, NOW + 400 * DAY)
    assert ReadBack.objects.count() == 1
    retention.prune(controller.site, NOW + 400 * DAY + 1)
    assert ReadBack.objects.count() == 0


def test_the_serial_it_is_found_by_is_the_drives_own_before_a_typed_one(
    controller: Controller,
) -> None:
    told = reading(serial="WD-WX11A1234567", typed_serial="ZA4DWX9Q")
    controller.door.post(controller.machine().report(now=section(told)))
    assert ReadBack.objects.get().serial == serials.key("WD-WX11A1234567")
