"""A computer of the school that reads wiped drives back: the real command on a loop device, its
result signed by the computer's own key and taken in as its report."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from checks.facts import encode_section
from checks.media_wipes import MediaWipe, MediaWipes
from controller.fleet import packed
from controller.fleet.models import Device, ReadBack, Report
from inventory.disposal import serials
from inventory.models import Site
from tests import needs
from tests.controller.intake.machine import Door, Machine
from tests.controller.web import school
from wire import dsse, report


def read_back(image: Path, serial: str, folder: Path) -> MediaWipe:
    """`caretaker-agent verify-wipe` on an image as a loop device; skips where there is none."""
    needs.root()
    losetup = needs.program("losetup", package="mount")
    made = subprocess.run(
        [losetup, "-f", "--show", image], capture_output=True, text=True, check=False
    )
    if made.returncode:
        needs.impossible(f"loop devices: {made.stderr.strip()}")
    loop = made.stdout.strip()
    agent = Path(sys.executable).with_name("caretaker-agent")
    command = [str(agent), "verify-wipe", loop, "--expect", "zero"]
    command += ["--serial", serial, "--format", "json", "--data", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ)
    finally:
        subprocess.run([losetup, "-d", loop], check=False)
    assert done.returncode in (0, 2), done.stderr.decode()
    return msgspec.convert(json.loads(done.stdout)["wipe"], MediaWipe)


def tells(site: Site, wipe: MediaWipe, name: str = "BENCH-1") -> Device:
    """The bench computer reports it, signed; intake has tests of its own."""
    bench = Machine(Door.__new__(Door), name)
    device = school.make_device(site, name, platform="linux", public_key=bench.public)
    device.save()
    bench.device = device.id
    body = encode_section(MediaWipes([wipe])).decode()
    section = report.NowSection(section=MediaWipes.section, schema=MediaWipes.schema, body=body)
    envelope = bench.report(now=[section])
    now, digest = int(time.time()), dsse.digest(envelope)
    Report.objects.create(
        site=site,
        device=device,
        seq=1,
        digest=digest,
        received_at=now,
        created_at=now,
        envelope=packed.pack(dsse.parse(envelope)),
    )
    ReadBack.objects.create(
        site=site,
        device=device,
        reading=wipe.id,
        seq=1,
        digest=digest,
        serial=serials.key(wipe.serial or wipe.typed_serial),
        received_at=now,
        body=msgspec.json.encode(wipe, order="sorted").decode(),
    )
    return device
