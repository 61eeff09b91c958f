"""Agents 18 months old, and agents newer than this controller (O2)."""

import json
from pathlib import Path

import pytest

from checks.catalogue import catalogue
from checks.words import sentence
from controller import clock
from controller.fleet.models import Device, Report, Verdict
from controller.fleet.packed import payload
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import Machine
from tests.controller.judging.bodies import locking
from tests.controller.judging.conftest import JudgeNow
from tests.wire import released, samples
from wire import canonical, dsse, keys, sections, types

EIGHTEEN_MONTHS = 548 * 86_400
CHECK = "lock-idle-timeout"


def sections_of(release: Path) -> dict[str, bytes]:
    bodies = [path.read_bytes() for path in (release / "sections").iterdir()]
    return {dsse.digest(body): body for body in bodies}


@pytest.fixture(params=released.RELEASES, ids=lambda path: path.name)
def release(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


def test_an_agent_of_every_release_is_taken_in_and_judged_18_months_later(
    controller: Controller, judge_now: JudgeNow, release: Path
) -> None:
    clock.use(lambda: samples.AT + EIGHTEEN_MONTHS)
    Device.objects.create(
        id=samples.DEVICE,
        site_id=controller.site,
        platform="linux",
        state="active",
        public_key=samples.DEVICE_PUBLIC,
        key_id=keys.key_id(samples.DEVICE_PUBLIC),
        words=keys.words(samples.DEVICE_PUBLIC),
        enrolled_at=samples.AT,
    )
    envelope = (release / released.NIGHT).read_bytes()
    reply = controller.door.post(envelope)
    assert reply.status == 202, reply.body
    bodies = sections_of(release)
    machine = Machine(controller.door, key=samples.DEVICE_KEY, device=samples.DEVICE)
    for digest in reply.receipt.need:
        assert machine.put(bodies[digest]).status == 204
    assert controller.door.post(envelope).receipt.need == []
    (judged,) = judge_now()
    assert (judged.malformed, judged.failed) == ([], "")
    checks = {check for domain in catalogue().domains for check in domain.judges}
    assert {verdict.check for verdict in judged.verdicts} == checks
    assert {verdict.status for verdict in judged.verdicts} & {"pass", "fail"}
    assert Device.objects.get(id=samples.DEVICE).agent_version == release.name


def newer_section(machine: Machine, body: bytes, schema: int = 99) -> bytes:
    """A signed report whose one section is of a schema that nobody here knows."""
    ref = sections.ref("locking", schema, body)
    draft = machine.draft(machine.content({"locking": body}))
    assert not isinstance(draft.content, str)
    said = json.loads(canonical.encode(draft))
    said["content"]["sections"] = [json.loads(canonical.encode(ref)) | {"packing": "zstd"}]
    said["battery_percent"] = 80
    machine.seq, machine.prev = draft.seq, ""
    signed = dsse.sign(canonical.encode(said), types.REPORT, machine.key)
    machine.prev = dsse.digest(signed)
    return signed


def verdict(machine: Machine) -> Verdict:
    return Verdict.objects.get(device_id=machine.device, check_id=CHECK)


def test_a_section_of_a_newer_agent_is_stored_and_waits_for_our_upgrade(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    body = b'{"machine_idle_seconds":{"text":"ten minutes"},"rules":[{"locker":"cosmic-2"}]}'
    envelope = newer_section(machine, body)
    reply = controller.door.post(envelope)
    assert reply.status == 202, reply.body
    assert reply.receipt.need == [dsse.digest(body)]
    assert machine.put(body).status == 204
    (judged,) = judge_now()
    assert judged.malformed == []
    found = verdict(machine)
    assert (found.status, found.says) == ("unknown", "agent-newer")
    said = sentence(catalogue().check(CHECK), found.says, {})
    assert "newer than this controller" in said
    kept = payload(bytes(Report.objects.get(device_id=machine.device).envelope))
    assert b'"battery_percent":80' in kept
    assert b'"packing":"zstd"' in kept


def test_a_section_of_a_newer_agent_that_only_says_more_is_judged_by_what_we_know(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine()
    body = json.dumps(json.loads(locking(600)) | {"zzz": 1}, separators=(",", ":"), sort_keys=True)
    controller.door.post(newer_section(machine, body.encode()))
    machine.put(body.encode())
    (judged,) = judge_now()
    assert judged.malformed == []
    assert verdict(machine).says != "agent-newer"


def test_a_report_of_a_newer_agent_goes_on_with_its_chain_unchanged_nights_too(
    controller: Controller,
) -> None:
    """The digest an agent calls its content by is that of all of it, known here or not."""
    machine = controller.machine()
    body = locking(600)
    first = newer_section(machine, body, schema=1)
    assert controller.door.post(first).status == 202
    machine.put(body)
    said = json.loads(dsse.parse(first).payload)
    digest = dsse.digest(canonical.encode(said["content"]))
    second = controller.door.post(machine.report(digest))
    assert second.status == 202
    assert second.receipt.need == []
