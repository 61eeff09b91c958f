"""A computer that says goodbye is another thing than one that is not heard from (S15)."""

import pytest

from controller.commands.fleet import heard
from controller.fleet.models import Device
from inventory.models import Event
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from wire import itself, keys

LAST = [itself.say(itself.Leaving(how="uninstalled"))]


def device(machine: Machine) -> Device:
    return Device.objects.get(id=machine.device)


def farewells(machine: Machine) -> int:
    return Event.objects.filter(subject=machine.device, verb="device.leave").count()


def test_a_signed_farewell_shows_as_taken_off_and_stands_in_the_log(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report())
    envelope = machine.report(now=LAST)
    assert controller.door.post(envelope).status == 202
    assert (device(machine).left_at, device(machine).left_how) == (NOW, "uninstalled")
    assert farewells(machine) == 1
    assert heard(NOW, device(machine).left_at).startswith("taken off ")
    assert controller.door.post(envelope).receipt.status == "duplicate"
    assert farewells(machine) == 1


def test_a_word_of_a_newer_agent_is_a_farewell_all_the_same(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report(now=[itself.say(itself.Leaving(how="sold"))]))
    assert device(machine).left_how == "sold"


def test_whoever_reports_again_has_not_left(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report(now=LAST))
    controller.door.post(machine.report())
    assert device(machine).left_at is None
    assert farewells(machine) == 1


MARKS = {"serial": "PF2ABC12", "uuid": "4c4c4544-0051-3510-8052-b4c04f4b4e32"}


@pytest.mark.parametrize("left", [True, False], ids=["taken off", "alive"])
def test_a_computer_that_joins_again_takes_its_place_in_the_register_only_after_it_left(
    controller: Controller, left: bool
) -> None:
    before = controller.machine("lab-1", **MARKS)
    controller.door.post(before.report(now=LAST if left else []))
    again = controller.machine("lab-1", **MARKS)
    assert device(before).asset_id is not None
    if left:
        assert device(again).asset_id == device(before).asset_id
    assert device(again).asset_doubt == ("" if left else "claimed")


def test_an_older_farewell_sent_again_takes_nobody_off(controller: Controller) -> None:
    machine = controller.machine()
    farewell = machine.report(now=LAST)
    controller.door.post(farewell)
    controller.door.post(machine.report())
    assert controller.door.post(farewell).receipt.status == "duplicate"
    assert device(machine).left_at is None


@pytest.mark.parametrize("by", ["a stranger's key", "another computer", "nobody"])
def test_nothing_but_the_computers_own_key_takes_it_off(controller: Controller, by: str) -> None:
    machine, other = controller.machine("lab-1"), controller.machine("lab-2")
    controller.door.post(machine.report())
    draft = machine.draft(now=LAST)
    if by == "a stranger's key":
        machine.key = keys.generate()
        envelope = machine.sign(draft)
    elif by == "another computer":
        machine.key = other.key
        envelope = machine.sign(draft)
    else:
        whole = machine.sign(draft)
        envelope = whole.replace(b'"sig":"', b'"sig":"A', 1)
    assert controller.door.post(envelope).status in (400, 401, 422)
    assert device(machine).left_at is None
    assert farewells(machine) == 0


def test_a_farewell_beside_the_chain_takes_nobody_off(controller: Controller) -> None:
    machine = controller.machine()
    controller.door.post(machine.report())
    beside = machine.draft(now=LAST, seq=1, prev="")
    assert controller.door.post(machine.sign(beside, advance=False)).status == 409
    assert device(machine).left_at is None
