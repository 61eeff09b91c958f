"""Which entry a computer is: what its reports may teach the register, and what a person says."""

import pytest

from controller.fleet import entries, services
from controller.fleet.models import Device
from controller.fleet.services import FleetError
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.identity import merging
from inventory.models import Asset, AssetMark
from inventory.models import Event as LedgerEvent
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.judging.bodies import hardware
from tests.controller.judging.conftest import JudgeNow

OURS = {"serial": "8XK2L93", "uuid": "4c4c4544-0044-3010-8051-b4c04f4e3132"}
THEIRS = {"serial": "5CD1234XYZ", "uuid": "4c4c4544-0044-3010-8052-b4c04f4e3132"}


def report(controller: Controller, machine: Machine, judge_now: JudgeNow, **seen: object) -> Device:
    """One night of a machine."""
    content = machine.content({"hardware": hardware(**seen)})
    machine.supply(controller.door.post(machine.report(content)).receipt.need)
    judge_now()
    return Device.objects.get(id=machine.device)


def by(device: Device) -> By:
    return By("user_1", NOW + 60)


def entry_of(device: Device) -> str:
    assert device.asset_id is not None
    return device.asset_id


def known_by(asset_id: str) -> set[str]:
    marks = AssetMark.objects.filter(asset_id=asset_id, resting=False, kind="serial")
    return set(marks.values_list("value", flat=True))


def test_a_disk_moved_into_another_machine_teaches_its_entry_nothing_and_is_a_doubt(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    before = report(controller, machine, judge_now, host_name="Lab-07", **OURS)
    moved = report(controller, machine, judge_now, host_name="Staff-2", **THEIRS)
    assert (moved.asset_id, moved.asset_doubt) == (before.asset_id, "moved")
    assert known_by(entry_of(before)) == {"8XK2L93"}
    assert Asset.objects.get().name == "Lab-07"
    assert moved.doubted_marks["serial"] == ["5CD1234XYZ"]
    back = report(controller, machine, judge_now, host_name="Lab-07", **OURS)
    assert (back.asset_doubt, back.doubted_marks) == ("", {})


@pytest.mark.parametrize(
    "seen",
    [
        {**THEIRS, "serial": OURS["serial"]},
        {**THEIRS, "uuid": OURS["uuid"]},
        {"uuid": THEIRS["uuid"], "serial": "Default string"},
    ],
    ids=["same-serial", "same-uuid", "no-serial"],
)
def test_what_may_be_the_same_machine_is_no_moved_disk(
    controller: Controller, judge_now: JudgeNow, seen: dict[str, str]
) -> None:
    machine = controller.machine("pc")
    report(controller, machine, judge_now, **OURS)
    assert report(controller, machine, judge_now, **seen).asset_doubt == ""


def test_whoever_says_it_is_the_same_thing_teaches_the_entry_what_it_shows_now(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    report(controller, machine, judge_now, **OURS)
    moved = report(controller, machine, judge_now, **THEIRS)
    entries.bind(moved.id, entry_of(moved), actor="user_1", at=NOW, reason="a new board")
    after = report(controller, machine, judge_now, cpu_threads=2, **THEIRS)
    assert (after.asset_id, after.asset_doubt) == (moved.asset_id, "")
    assert known_by(entry_of(moved)) == {"8XK2L93", "5CD1234XYZ"}
    told = LedgerEvent.objects.get(verb="device.entry")
    assert (told.actor, told.subject) == ("user_1", moved.id)


def test_whoever_says_it_is_another_thing_gives_it_an_entry_of_its_own(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    report(controller, machine, judge_now, **OURS)
    moved = report(controller, machine, judge_now, **THEIRS)
    new = entry_of(entries.bind_new(moved.id, actor="user_1", at=NOW))
    assert new != moved.asset_id
    assert known_by(new) == {"5CD1234XYZ"}
    assert known_by(entry_of(moved)) == {"8XK2L93"}
    after = report(controller, machine, judge_now, cpu_threads=2, **THEIRS)
    assert (after.asset_id, after.asset_doubt) == (new, "")


def test_an_entry_with_a_live_key_is_given_away_only_with_a_reason_and_the_other_key_withdrawn(
    controller: Controller, judge_now: JudgeNow
) -> None:
    first = report(controller, controller.machine("first"), judge_now, **OURS)
    again = Device.objects.get(id=controller.machine("again", serial=OURS["serial"]).device)
    assert again.asset_doubt == "claimed"
    entry = entry_of(first)
    for asked in ({}, {"others_gone": True}, {"reason": "sold"}):
        with pytest.raises(FleetError):
            entries.bind(again.id, entry, actor="user_1", at=NOW, **asked)
    assert Device.objects.get(id=first.id).state == "active"
    entries.bind(again.id, entry, actor="user_1", at=NOW, reason="set up again", others_gone=True)
    assert Device.objects.get(id=first.id).state == "revoked"
    assert Device.objects.get(id=again.id).asset_id == entry
    with pytest.raises(FleetError, match="already"):
        entries.bind(again.id, entry, actor="user_1", at=NOW, reason="twice")


def test_no_computer_is_bound_to_an_entry_of_another_school_or_one_that_is_gone(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    report(controller, machine, judge_now, **OURS)
    moved = report(controller, machine, judge_now, **THEIRS)
    gone = assets.add(moved.site_id, {}, by=by(moved))
    assets.withdraw(moved.site_id, gone, by=by(moved))
    for wrong in (gone, "asset_" + "0" * 26, ""):
        with pytest.raises(FleetError, match="no such entry"):
            entries.bind(moved.id, wrong, actor="user_1", at=NOW)


def test_a_merged_entrys_computer_reports_as_the_whole_and_as_itself_again_when_parted(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    device = report(controller, machine, judge_now, host_name="Lab-07", **OURS)
    own, site = entry_of(device), device.site_id
    paper, older = (assets.add(site, {"tag": tag}, by=by(device)) for tag in ("HS-1", "HS-2"))
    entries.merge(site, paper, own, by=by(device))
    entries.merge(site, older, paper, by=by(device))
    device = report(controller, machine, judge_now, host_name="Staff-2", **OURS)
    assert (device.asset_id, device.asset_part) == (older, own)
    assert (Asset.objects.get(id=older).name, Asset.objects.get(id=own).name) == (
        "Staff-2",
        "Lab-07",
    )
    assert entries.part(site, paper, by=by(device)) == older
    assert Device.objects.get(id=device.id).asset_id == paper
    entries.part(site, own, by=by(device))
    device = report(controller, machine, judge_now, host_name="Lab-08", **OURS)
    assert (device.asset_id, device.asset_part) == (own, "")
    assert Asset.objects.get(id=own).name == "Lab-08"


def test_what_reports_as_a_part_reaches_the_whole_whoever_merged_it(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    device = report(controller, machine, judge_now, host_name="Lab-07", **OURS)
    paper = assets.add(device.site_id, {"tag": "HS-1"}, by=by(device))
    merging.merge(device.site_id, paper, entry_of(device), by=by(device))
    report(controller, machine, judge_now, host_name="Staff-2", **OURS)
    assert Asset.objects.get(id=paper).name == "Staff-2"


def test_two_entries_that_both_report_are_not_made_one(
    controller: Controller, judge_now: JudgeNow
) -> None:
    one = report(controller, controller.machine("one"), judge_now, **OURS)
    two = report(controller, controller.machine("two"), judge_now, **THEIRS)
    with pytest.raises(FleetError, match="Withdraw one"):
        entries.merge(one.site_id, entry_of(one), entry_of(two), by=by(one))
    services.revoke(two.id, actor="user_1", at=NOW)
    entries.merge(one.site_id, entry_of(one), entry_of(two), by=by(one))
    assert Device.objects.get(id=two.id).asset_id == one.asset_id
