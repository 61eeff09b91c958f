"""The register from end to end: a school's own sheet of 500 things goes in, 200 of them turn out to
be computers that report, somebody counts a room on a phone, and it comes out without a difference.
"""

import csv
import io
import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from checks.catalogue import catalogue
from controller import clock
from controller.commands import main, shared
from controller.data.datafolder import prepare
from controller.fleet import services as fleet
from controller.fleet.models import Device
from controller.judging import cases, child
from controller.judging.apply import apply
from controller.judging.policies import SitePolicies
from controller.keyfiles import make_keys
from controller.people.roles import Role
from controller.simulation.device import Speaker
from controller.simulation.roster import Machine, roster
from inventory.models import Asset, CountedRoom, Room, Site
from tests.controller.intake.conftest import Controller, InlineWriter, build
from tests.controller.web import school
from tests.e2e.conftest import PHONE, Doorman
from wire import dsse, enrolment

THINGS, COMPUTERS, SEED = 500, 200, 11
KINDS = {"pupil-laptop": "Laptop", "staff-laptop": "Laptop", "staff-mac": "MacBook"}
OTHERS = (
    ("iPad", "Apple", "iPad (9th generation)", "£319.00"),
    ("Projector", "Epson", "EB-992F", "700"),
    ("Interactive panel", "Clevertouch", "Impact Plus 65", "1,899.00"),
    ("Laser printer", "Brother", "HL-L5210DN", "240.00"),
    ("Visualiser", "IPEVO", "V4K", ""),
)
ROOMS = ("Oak", "Ash", "Elm", "Birch", "Hall", "ICT suite", "Café", "Head’s office")
HEAD = ("Asset Tag", "Type", "Make", "Model", "Serial No", "Location", "Date of Purchase", "Cost")


@pytest.fixture
def controller(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Controller:
    """A controller with an empty school in which three people have accounts."""
    prepare(tmp_path / "data")
    make_keys(tmp_path / "data")
    made = build(tmp_path / "data", InlineWriter)
    site = Site.objects.get(id=made.site)
    for role in (Role.TECHNICIAN, Role.BUSINESS_MANAGER, Role.SLT):
        school.make_person(site, role, role.value)
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    return made


@pytest.fixture
def doorman(browser: Browser, live_server: LiveServer, controller: Controller) -> Iterator[Doorman]:
    """Its door."""
    made = Doorman(browser, live_server.url)
    yield made
    made.close()


def computers() -> list[Machine]:
    """Those whose makers gave them a serial number; without one a sheet cannot name them."""
    known = [one for one in roster(300, 1, SEED) if "placeholder-serial" not in one.faults]
    return known[:COMPUTERS]


def sheet(machines: list[Machine]) -> str:
    """What the school typed over the years: days in three styles, rooms, prices, capitals."""
    dice = random.Random(SEED)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for number in range(1, THINGS + 1):
        machine = machines[number - 1] if number <= len(machines) else None
        kind, make, model, price = dice.choice(OTHERS)
        if machine is not None:
            kind = KINDS.get(machine.kind.id, "Desktop PC")
            make, model, price = machine.kind.make, machine.model, "£549.99"
        serial = f"TH{number:05}X" if machine is None else machine.serial
        year, month, day = dice.randint(2018, 2025), dice.randint(1, 12), dice.randint(13, 28)
        days = (f"{day}/{month}/{year}", f"{year}-{month:02}-{day}", f"{day} Sept {year}", "")
        room = ROOMS[0] if number <= 4 else dice.choice(ROOMS[1:])
        # Somebody types serial numbers in small letters and with spaces.
        typed = serial.lower() if number % 7 == 0 else f"{serial[:4]} {serial[4:]}"
        writer.writerow([f"{number:05}", kind, make, model, typed, room, dice.choice(days), price])
    return out.getvalue()


def assets(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """A command, and what it said."""
    assert main.main(["assets", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def counts(told: Any) -> tuple[int, int, int]:
    return told["new"], told["changed"], told["same"]


def report_all(controller: Controller, machines: list[Machine]) -> None:
    """Every computer joins, is let in and reports, and everything is judged."""
    try:
        door, code = controller.door, controller.code()
        for at, machine in enumerate(machines, start=school.NOW - len(machines)):
            clock.use(partial(int, at))  # a code lets sixty in a minute join
            speaker = Speaker(machine, SEED)
            hello = dsse.parse(door.ask("GET", "/v1/hello").body)
            opened = enrolment.open_hello(hello, [door.public])
            joined = door.post(speaker.enrol(opened, code, at), path="/v1/enrol")
            assert joined.status == 202, joined.body
            speaker.device = joined.enrolment.device
            fleet.approve(speaker.device, actor="system", at=at)
            deliver(controller, speaker, at)
        clock.use(lambda: school.NOW)
        judge()
    finally:
        connection.close()


def deliver(controller: Controller, speaker: Speaker, at: int) -> None:
    door, sent = controller.door, speaker.report(0, at)
    while (reply := door.post(sent.envelope)).receipt.need:
        for digest in reply.receipt.need:
            path = f"/v1/sections/{digest.removeprefix('sha256:')}"
            head = {"caretaker_device": speaker.device}
            assert door.ask("PUT", path, sent.bodies[digest], **head).status == 204
    speaker.received(sent, reply.receipt)


def judge() -> None:
    while due := cases.due(100):
        found, hopeless = cases.gather(due, SitePolicies(), clock.now())
        judged = [*(child.judge(case, catalogue()) for case in found), *hopeless]
        with transaction.atomic():
            apply(judged, clock.now())


def test_a_sheet_of_500_meets_200_computers_is_counted_on_a_phone_and_comes_out_the_same(
    doorman: Doorman, controller: Controller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machines = computers()
    old, first, second = (tmp_path / name for name in ("old.csv", "first.csv", "second.csv"))
    old.write_bytes(sheet(machines).encode("cp1252"))
    assert counts(assets(capsys, "import", str(old))) == (THINGS, 0, 0)

    with ThreadPoolExecutor(1) as thread:  # the browser's event loop runs in this one
        thread.submit(report_all, controller, machines).result()
    bound = dict(Device.objects.values_list("name", "asset__tag"))
    assert bound == {one.name: f"{n:05}" for n, one in enumerate(machines, start=1)}
    assert Asset.objects.count() == THINGS

    count_oak(doorman, machines)

    assert assets(capsys, "export", str(first))["entries"] == THINGS
    assert counts(assets(capsys, "import", str(first))) == (0, 0, THINGS)
    assets(capsys, "export", str(second))
    assert second.read_bytes() == first.read_bytes()
    # And the school's own sheet says nothing that is not in the register already.
    assert counts(assets(capsys, "import", str(old)))[:2] == (0, 0)


def count_oak(doorman: Doorman, machines: list[Machine]) -> None:
    """Four should be in Oak: three are, one of them by its serial number, and a stranger is."""
    manager = doorman.open("business_manager", viewport=PHONE, is_mobile=True, has_touch=True)
    page = manager.go("/register/counts/")
    page.fill("input[name=name]", "Autumn count")
    page.locator("form", has=page.locator("input[name=name]")).locator("[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("Autumn count")
    oak = CountedRoom.objects.get(room=Room.objects.get(name="Oak"))
    page.tap(f"a[href*='{oak.id}']")
    page.tap("text=Begin this room")
    for text, said in (
        ("00001", "Found"),
        (machines[1].serial.lower(), "Found"),
        ("00003", "Found"),
        ("00004x", "Not in the register"),
        ("00400", "Belongs elsewhere"),
    ):
        page.fill("#text", text)
        page.tap("text=Count it")
        expect(page.locator("[data-head]")).to_have_text(said)
    expect(page.locator(".count-sum")).to_contain_text("3 of 4")
    page.tap("text=Done with this room")
    assert manager.trouble == []
