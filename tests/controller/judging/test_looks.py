"""What a computer says it is: kept for the register, never above what a person entered."""

from checks.hardware.facts import NetworkCard
from controller.fleet import services
from controller.fleet.models import Device
from inventory.models import Asset, AssetEvent
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.judging.bodies import hardware
from tests.controller.judging.conftest import JudgeNow

CARD = NetworkCard(name="eth0", kind="wired", mac="3c:52:82:0a:1b:2c", permanent=True)


def _report(controller: Controller, machine: Machine, **seen: object) -> None:
    content = machine.content({"hardware": hardware(**seen)})
    machine.supply(controller.door.post(machine.report(content)).receipt.need)


def test_a_first_report_fills_the_entry(controller: Controller, judge_now: JudgeNow) -> None:
    machine = controller.machine("pc")
    _report(
        controller,
        machine,
        host_name="Lab-07",
        make="Dell Inc.",
        model="OptiPlex 3080",
        serial="8XK2L93",
        cards=[CARD],
    )
    judge_now()
    device = Device.objects.select_related("asset").get(id=machine.device)
    assert (device.name, device.model) == ("Lab-07", "OptiPlex 3080")
    assert device.asset is not None
    asset = Asset.objects.get(id=device.asset_id)
    assert (asset.name, asset.make, asset.serial) == ("Lab-07", "Dell Inc.", "8XK2L93")
    kinds = set(asset.marks.values_list("kind", "value"))
    assert kinds == {("serial", "8XK2L93"), ("mac", "3c:52:82:0a:1b:2c")}
    assert list(AssetEvent.objects.values_list("seq", "verb")) == [
        (1, "asset.create"),
        (2, "asset.report"),
    ]


def test_the_same_look_again_writes_nothing(controller: Controller, judge_now: JudgeNow) -> None:
    machine = controller.machine("pc")
    for memory in (1, 2):
        _report(controller, machine, serial="8XK2L93", host_name="Lab-07", cpu_threads=memory)
        judge_now()
    assert AssetEvent.objects.filter(verb="asset.report").count() == 1


def test_what_a_person_entered_wins_until_released(
    controller: Controller, judge_now: JudgeNow
) -> None:
    machine = controller.machine("pc")
    Asset.objects.update(name="Head's laptop", fixed_by_person=["name"])
    _report(controller, machine, host_name="DESKTOP-1", model="OptiPlex 3080")
    judge_now()
    asset = Asset.objects.get()
    assert (asset.name, asset.model) == ("Head's laptop", "OptiPlex 3080")


def test_a_computer_that_turns_out_to_be_in_the_register_under_a_live_key_waits(
    controller: Controller, judge_now: JudgeNow
) -> None:
    first = controller.machine("first")
    _report(controller, first, serial="8XK2L93")
    judge_now()
    second = controller.machine("second", serial="8XK2L93")
    device = Device.objects.get(id=second.device)
    assert (device.asset_id, device.asset_doubt) == (None, "claimed")
    services.revoke(first.device, actor="system", at=NOW)
    _report(controller, second, serial="8XK2L93", cards=[CARD])
    judge_now()
    device = Device.objects.get(id=second.device)
    assert device.asset_id == Device.objects.get(id=first.device).asset_id
    assert device.asset_doubt == ""
