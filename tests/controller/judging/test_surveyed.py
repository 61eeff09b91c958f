"""Rounds, neighbours and the air through the real intake and the real judges, into the map."""

import logging
from typing import Any

import msgspec
import pytest

from checks.facts import Facts, encode_section
from checks.hardware.facts import NetworkCard
from checks.surveys.lan import Neighbours
from checks.unseen import Unseen
from controller import clock
from controller.fleet.models import Device, SurveyBody
from controller.judging import surveyed
from controller.judging.surveyed import follow_all, ignored
from controller.records import judging as records
from controller.records.models import RecordVerdict
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.models import Bss, NetworkDevice, NetworkMac, SectionTold, Survey
from inventory.network import rounds
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW as JOINED
from tests.controller.intake.machine import Machine
from tests.controller.judging.bodies import hardware
from tests.controller.judging.conftest import JudgeNow
from tests.controller.surveys.conftest import use
from tests.inventory.network import surveys
from tests.inventory.network.surveys import CONSOLE, LAPTOP, STRANGER, heard
from wire.report import NowSection

AT = JOINED - 7_200
LATER = JOINED + 3_600

pytestmark = pytest.mark.django_db


class School:
    """A school with a scanner and ordinary computers."""

    def __init__(self, controller: Controller, judge_now: JudgeNow, commits: Any) -> None:
        clock.use(lambda: LATER)
        self.controller, self.site = controller, controller.site
        self.judge_now, self.commits = judge_now, commits
        self.scanner = controller.machine("office-1", serial="PF2K9QXA")

    def authorise(self) -> str:
        row = use(self.controller, self.scanner, JOINED)
        return row.envelope_digest

    def round(self, scope: str, *, at: int = AT, judged: bool = True, by: Any = None) -> None:
        told = surveys.whole(at)
        parts = [told.lan, told.equipment, told.run]
        scoped = [msgspec.structs.replace(one, scope=scope) for one in parts if one]
        self.report(by or self.scanner, *scoped, judged=judged)

    def report(
        self, machine: Machine, *steady: Facts, now: Any = (), judged: bool = True, **seen: Any
    ) -> None:
        bodies = {one.section: encode_section(one) for one in steady}
        content = machine.content({"hardware": hardware(**seen), **bodies})
        inline = [
            NowSection(section=one.section, schema=one.schema, body=encode_section(one).decode())
            for one in now
        ]
        reply = machine.door.post(machine.report(content, now=inline, created_at=JOINED))
        machine.supply(reply.receipt.need)
        if judged:
            self.judge()

    def judge(self) -> None:
        with self.commits(execute=True):
            self.judge_now()


@pytest.fixture
def school(
    controller: Controller, judge_now: JudgeNow, django_capture_on_commit_callbacks: Any
) -> School:
    return School(controller, judge_now, django_capture_on_commit_callbacks)


def test_a_round_of_a_scanner_that_a_scope_names_is_on_the_map_and_judged(school: School) -> None:
    school.round(school.authorise())
    assert NetworkDevice.objects.count() == 5
    assert Survey.objects.get().scanner == school.scanner.device
    assert not SurveyBody.objects.exists()
    records.judge_site(school.site, LATER)
    found = dict(RecordVerdict.objects.values_list("check_id", "says"))
    assert found["net-games-console"] == "maybe-console"
    assert found["net-unknown-device"] == "hands-out-addresses"
    assert found["net-wifi-encryption"] == "names-unset"


def test_a_round_of_any_other_computer_is_left_out_and_counted(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    scope = school.authorise()
    other = school.controller.machine("pc-2", serial="ABCD1234")
    with caplog.at_level(logging.WARNING):
        school.round(scope, by=other)
        school.round("sha256:" + "0" * 64)
    assert (NetworkDevice.objects.count(), Survey.objects.count()) == (0, 0)
    assert ignored([school.site], LATER - 60) == 2
    assert "round_without_scope" in caplog.text


def test_a_round_that_a_newer_one_overtook_before_anybody_looked_is_not_lost(
    school: School,
) -> None:
    scope = school.authorise()
    school.round(scope, judged=False)
    school.round(scope, at=AT + 3_600, judged=False)
    school.judge()
    assert Survey.objects.count() == 2
    assert NetworkMac.objects.get(address=CONSOLE).rounds == 2


def test_what_a_crash_left_behind_the_night_takes_in(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError

    scope = school.authorise()
    monkeypatch.setattr(rounds, "take", crash)
    school.round(scope)
    assert (NetworkDevice.objects.count(), SurveyBody.objects.count()) == (0, 3)
    monkeypatch.undo()
    follow_all(school.site)
    assert (NetworkDevice.objects.count(), SurveyBody.objects.count()) == (5, 0)


def test_a_round_that_asked_nothing_for_its_scope_was_altered_is_told(school: School) -> None:
    school.authorise()
    run = msgspec.structs.replace(surveys.run(at=AT, refused="altered"), scope="sha256:" + "0" * 64)
    school.report(school.scanner, run, surveys.lan(heard(STRANGER), at=AT))
    assert Survey.objects.get().refused == "altered"
    assert not NetworkMac.objects.exists()


def test_the_night_finds_entries_that_were_made_since(school: School) -> None:
    school.round(school.authorise())
    by = By("user_1", LATER)
    made = assets.add(school.site, {"kind": "network_switch", "serial": "CN65FP42R3"}, by=by)
    follow_all(school.site)
    assert NetworkDevice.objects.get(asset__isnull=False).asset_id == made


def test_a_round_of_which_a_part_is_still_on_its_way_waits(school: School) -> None:
    told = msgspec.structs.replace(surveys.lan(heard(CONSOLE), at=AT), scope=school.authorise())
    run = msgspec.structs.replace(surveys.run(at=AT), scope=told.scope)
    machine = school.scanner
    content = machine.content({one.section: encode_section(one) for one in (told, run)})
    need = machine.door.post(machine.report(content)).receipt.need
    machine.supply(need[:1])
    surveyed.follow(school.site)
    assert not Survey.objects.exists()
    machine.supply(need[1:])
    school.judge()
    assert Survey.objects.get().counts["hosts"] == 1


def test_what_cannot_be_read_is_dropped_and_costs_nothing_else(school: School) -> None:
    school.authorise()
    machine = school.scanner
    content = machine.content({"lan": b'{"rubbish":1}', "survey": b"[]"})
    machine.supply(machine.door.post(machine.report(content)).receipt.need)
    school.judge()
    assert not SurveyBody.objects.exists()
    assert not Survey.objects.exists()


def card(mac: str) -> NetworkCard:
    return NetworkCard("eth0", "wired", mac, permanent=True)


def test_the_cards_of_the_schools_own_computers_are_known(school: School) -> None:
    scope = school.authorise()
    laptop = school.controller.machine("pc-2", serial="ABCD1234")
    school.report(laptop, serial="ABCD1234", cards=[card(LAPTOP)])
    assert NetworkMac.objects.get(address=LAPTOP).told_by == laptop.device
    school.round(scope)
    assert NetworkMac.objects.get(address=LAPTOP).rounds == 1
    assert NetworkMac.objects.get(address=STRANGER).told_by == ""
    school.report(laptop, serial="ABCD1234", cards=[card(STRANGER)])
    assert NetworkMac.objects.get(address=STRANGER).told_by == laptop.device


def test_the_cards_of_a_computer_in_doubt_are_not_taken_for_the_schools(school: School) -> None:
    other = school.controller.machine("pc-2", serial="ABCD1234")
    school.report(other, serial="PF2K9QXA", cards=[card(STRANGER)])
    assert Device.objects.get(id=other.device).asset_doubt == "claimed"
    assert not NetworkMac.objects.filter(address=STRANGER).exists()


def test_what_ordinary_computers_hear_and_see_is_kept_without_a_scope(school: School) -> None:
    near = Neighbours([heard(STRANGER)], 2)
    school.report(school.scanner, now=[near, surveys.air(surveys.bss())])
    row = NetworkMac.objects.get(address=STRANGER)
    assert (row.rounds, row.first_by) == (0, school.scanner.device)
    assert Bss.objects.get().heard_by == [school.scanner.device]
    told = SectionTold.objects.get(section="air_now")
    assert (told.others, told.unseen) == (4, "")
    school.report(school.scanner, now=[surveys.air(heard=Unseen("denied"))])
    assert SectionTold.objects.get(section="air_now").unseen == "denied"
    assert Bss.objects.count() == 1


def test_the_same_said_again_moves_the_time_only(school: School) -> None:
    for _ in range(3):
        school.report(school.scanner, now=[Neighbours([heard(STRANGER)], 0)])
    assert NetworkMac.objects.count() == 1
    assert NetworkMac.objects.get().sightings.count() == 1


def test_a_school_that_never_had_a_round_is_not_red(school: School) -> None:
    records.judge_site(school.site, LATER)
    found = RecordVerdict.objects.filter(check_id__startswith="net-")
    assert set(found.values_list("status", flat=True)) == {"unknown"}
    assert found.count() == 9


def test_hardware_without_cards_is_no_fault(school: School) -> None:
    school.report(school.scanner, cards=Unseen("denied"))
    assert not NetworkMac.objects.exists()
