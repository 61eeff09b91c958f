"""From the drive to the disposal: wiped by the real nwipe, read back by the real agent, told in a
signed report, found by its serial number, and written down as the verification of its wipe."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from agent import wipes
from checks.media_wipes import MediaWipe
from controller.fleet import readings
from controller.fleet.queries import FleetQueries
from controller.people.actor import Actor, School
from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.disposal import reading_back, services
from inventory.disposal.media import ReportedDisk
from inventory.models import DisposalEvidence
from tests.agent.loops import verified
from tests.controller.intake.conftest import Controller
from tests.inventory.disposal import journey
from tests.inventory.disposal.journey import HEAD, TECHNICIAN, by
from tests.inventory.disposal.stored import check
from tests.nwiped import MIB, loop, nwipe

SIZE = 4 * MIB
DISK = ReportedDisk("WD-WCC4E1111", "", "WD", "Blue", SIZE, True, "sata", False)


@pytest.mark.slow
def test_a_drive_wiped_and_read_back_here_is_ready_to_leave(
    controller: Controller, tmp_path: Path
) -> None:
    school = School(controller.site, "Hill School", "UTC", frozenset({Role.TECHNICIAN}))
    laptop = assets.add(controller.site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))
    journey.file(controller.site)
    one = journey.approved(controller.site, laptop, DISK)
    backing = tmp_path / "drive"
    backing.write_bytes((b"register " * (SIZE // 9 + 1))[:SIZE])
    with loop(backing) as device:
        nwipe(device, tmp_path)
        serial = ("--expect", "zero", "--serial", "WD-WCC4E1111")  # a loop device tells none
        told = verified(device, *serial, data=tmp_path / "agent")
    services.sanitise(
        controller.site, one, journey.wiped("WD-WCC4E1111", 5), by=by(TECHNICIAN, 5), seen=4
    )
    wipe = msgspec.convert(told["wipe"], MediaWipe)
    # The clock of these tests stands still; the agent's does not.
    times = {"began_at": journey.NOW + 360, "ended_at": journey.NOW + 361}
    bench = controller.machine("bench")
    envelope = bench.report(now=wipes.say([msgspec.structs.replace(wipe, **times)]))
    assert controller.door.post(envelope).status == 202

    queries = FleetQueries(Actor(TECHNICIAN, "Ada", (school,)), journey.NOW + 400)
    (found,) = queries.read_back(controller.site, serial="WDWCC4E1111")
    signed = readings.envelope(found)
    assert signed == envelope
    reading_back.attach(
        controller.site,
        one,
        reading_back.Told(
            wipe=found.wipe,
            device=found.device,
            envelope=signed,
            received_at=max(found.received_at, journey.NOW + 400),
        ),
        medium="WDWCC4E1111",
        by=by(HEAD, 10),
        seen=5,
        every=[found.wipe],
        confirmed=True,  # compared with the label, for the serial was typed
    )
    services.validate(
        controller.site, one, medium="WDWCC4E1111", decision="approved", by=by(HEAD, 11), seen=6
    )
    now = check(one)
    assert now.state == "ready"
    medium = now.media["WDWCC4E1111"]
    assert medium.check is not None
    assert medium.check.verifier == f"machine:{bench.device}"
    kept = DisposalEvidence.objects.get(kind="reading")
    assert kept.sha256 == hashlib.sha256(envelope).hexdigest()
