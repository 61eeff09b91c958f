"""Every way in which two computers come to share an identity, or one falls back (trust §4.3, T8):
nobody is locked out, nothing is lost, nobody has to delete a file, and nobody innocent is accused.
"""

import shutil

import pytest

from controller.fleet import services
from controller.fleet.forks import cures
from controller.fleet.models import Device, Fork
from tests.fleet_simulation.hardware import Hardware
from tests.fleet_simulation.world import World


def answers(world: World) -> list[str]:
    """What was said to reports that forked."""
    return list(Fork.objects.order_by("id").values_list("answer", flat=True))


def test_a_copied_key_folder_gives_itself_up_and_asks_to_come_in_as_new(world: World) -> None:
    original = world.enrolled(nights=2)
    copy = original.copy_of_disk(Hardware.new())
    world.next_night()
    assert copy.night().code == "pending"
    assert original.night().code == ""
    asks = Device.objects.get(id=copy.device)
    assert (asks.state, asks.was, asks.was_signed) == ("pending", original.device, True)
    assert world.lost() == set()
    assert answers(world) == []


def test_a_laptop_imaged_thirty_times_keeps_one_identity_and_asks_for_twenty_nine(
    world: World,
) -> None:
    first = world.enrolled(name="laptop-1", nights=2)
    image = first.snapshot()
    trolley = [first] + [world.computer(Hardware.new(), f"laptop-{n}", image) for n in range(2, 31)]
    for _ in range(2):
        world.next_night()
        for laptop in trolley:
            laptop.night()
    states = list(world.states().values())
    assert (states.count("active"), states.count("pending")) == (1, 29)
    assert len({laptop.device for laptop in trolley}) == 30
    assert world.lost() == set()
    for laptop in trolley[1:]:
        world.let_in(laptop)
    world.next_night()
    assert [laptop.night().code for laptop in trolley] == [""] * 30
    assert world.signed.keys() <= world.arrived().keys()
    assert world.whose() == {laptop.device: laptop.name for laptop in trolley}


def test_copies_that_cannot_tell_themselves_are_told_by_the_controller(world: World) -> None:
    first = world.enrolled(nights=2)
    image = first.snapshot()
    (image / "agent" / "key" / "binding.json").unlink()
    copies = [world.computer(Hardware.new(), f"copy-{n}", image) for n in range(5)]
    world.next_night()
    first.night()
    assert {copy.night().code for copy in copies} == {"copied"}
    world.next_night()
    assert {copy.night().code for copy in copies} == {"pending"}
    assert first.night().code == ""
    assert answers(world) == ["copied"] * 5
    for copy in copies:
        world.let_in(copy)
        copy.night()
    assert world.signed.keys() <= world.arrived().keys()
    assert world.whose() == {one.device: one.name for one in [first, *copies]}


def test_a_copy_that_reports_first_does_not_take_the_identity(world: World) -> None:
    original = world.enrolled(nights=2)
    image = original.snapshot()
    (image / "agent" / "key" / "binding.json").unlink()
    copy = world.computer(Hardware.new(), "copy", image)
    world.next_night()
    assert copy.night().code == ""
    device = original.device
    assert original.night().code == ""
    world.next_night()
    assert copy.night().code == "copied"
    assert original.night().code == ""
    assert original.device == device
    world.next_night()
    assert copy.night().code == "pending"
    assert world.lost() == set()


def test_a_restored_snapshot_goes_on_by_itself_with_nothing_lost(world: World) -> None:
    machine = world.enrolled(nights=2)
    snapshot = machine.snapshot()
    for _ in range(3):
        world.next_night()
        machine.night()
    machine.restore(snapshot)
    world.next_night()
    assert machine.night().code == ""
    assert answers(world) == ["rolled_back"]
    assert (len(world.states()), Device.objects.get().head_seq) == (1, 6)
    assert world.signed.keys() <= world.arrived().keys()


def test_a_snapshot_with_reports_that_waited_goes_on_too(world: World) -> None:
    machine = world.enrolled(nights=1)
    world.down = True
    for _ in range(2):
        world.next_night()
        machine.night()
    snapshot = machine.snapshot()
    world.down = False
    world.next_night()
    machine.night()
    machine.restore(snapshot)
    world.down = True
    world.next_night()
    machine.night()
    world.down = False
    world.next_night()
    assert machine.night().code == ""
    assert world.signed.keys() <= world.arrived().keys()
    assert answers(world) == ["rolled_back"]


def test_the_fourth_rollback_in_a_term_waits_for_a_person_and_one_click_cures_it(
    world: World,
) -> None:
    machine = world.enrolled(nights=1)
    snapshot = machine.snapshot()
    world.next_night()
    machine.night()
    for _ in range(3):
        machine.restore(snapshot)
        world.next_night()
        assert machine.night().code == ""
    machine.restore(snapshot)
    world.next_night()
    assert machine.night().code == "fork"
    cures.say(machine.device, "one", actor="user_1", at=world.time.at)
    world.next_night()
    assert machine.night().code == ""
    assert world.signed.keys() <= world.arrived().keys()


@pytest.mark.parametrize("part", ["disk", "board"])
def test_a_disk_in_another_machine_and_a_disk_under_another_board_are_new_computers(
    world: World, part: str
) -> None:
    machine = world.enrolled(nights=2)
    before = machine.device
    here = machine.machine.hardware
    other = Hardware.new()
    machine.machine.hardware = other.with_disk_of(here) if part == "disk" else here.with_board()
    world.next_night()
    assert machine.night().code == "pending"
    assert machine.device != before
    assert Device.objects.get(id=machine.device).was == before
    (grave,) = machine.state.orphan.iterdir()
    assert grave.name.endswith(before)
    assert world.lost() == set()


def test_another_card_or_another_name_makes_no_other_computer(world: World) -> None:
    machine = world.enrolled(nights=2)
    machine.machine.hardware = machine.machine.hardware.with_card()
    world.next_night()
    assert machine.night().code == ""
    assert len(world.states()) == 1


@pytest.mark.parametrize("tells", ["nothing", "one mark"])
def test_weak_hardware_waits_for_a_person_who_says_that_they_are_two(
    tells: str, world: World
) -> None:
    silent, card_only = tells == "nothing", tells == "one mark"
    original = world.enrolled(Hardware.new(weak=silent, card_only=card_only), nights=2)
    copy = original.copy_of_disk(Hardware.new(weak=silent, card_only=card_only))
    world.next_night()
    assert original.night().code == ""
    assert copy.night().code == "fork"
    assert Device.objects.get(id=original.device).fork_since == world.time.at
    cures.say(original.device, "two", actor="user_1", at=world.time.at)
    world.next_night()
    assert original.night().code == ""
    assert copy.night().code == "copied"
    world.next_night()
    assert copy.night().code == "pending"
    assert world.states() == {original.device: "active", copy.device: "pending"}


def test_a_clone_of_a_virtual_machine_with_the_same_marks_ends_with_a_person(
    world: World,
) -> None:
    original = world.enrolled(nights=2)
    clone = original.copy_of_disk(original.machine.hardware)
    codes = []
    for _ in range(4):
        world.next_night()
        codes += [original.night().code, clone.night().code]
    assert "fork" in codes
    assert answers(world).count("rolled_back") == 3
    device = Device.objects.get()
    assert device.fork_since is not None
    cures.say(device.id, "two", actor="user_1", at=world.time.at)
    for _ in range(2):
        world.next_night()
        for one in (original, clone):
            one.night()
    assert sorted(world.states().values()) == ["active", "pending"]
    assert world.lost() == set()


def test_two_systems_on_one_machine_are_two_devices_and_no_fork(world: World) -> None:
    one = world.enrolled(nights=1)
    other = world.enrolled(one.machine.hardware, nights=1)
    for _ in range(2):
        world.next_night()
        assert [one.night().code, other.night().code] == ["", ""]
    assert answers(world) == []
    second = Device.objects.get(id=other.device)
    assert (second.asset_id, second.asset_doubt) == (None, "claimed")
    assert Device.objects.get(id=one.device).asset_id is not None


def test_a_restored_controller_is_given_what_it_misses_and_calls_nobody_a_copy(
    world: World,
) -> None:
    machines = [world.enrolled(nights=1) for _ in range(3)]
    for _ in range(4):
        world.next_night()
        for machine in machines:
            machine.night()
    for machine in machines:
        world.controller_forgets(machine.device, after=2)
    world.next_night()
    assert [machine.night().code for machine in machines] == ["", "", ""]
    assert answers(world) == []
    assert world.signed.keys() <= world.arrived().keys()


def test_what_a_restored_controller_misses_and_no_agent_holds_stops_nobody(world: World) -> None:
    machine = world.enrolled(nights=6)
    world.controller_forgets(machine.device, after=2)
    for name in ("0000000003", "0000000004"):
        shutil.rmtree(machine.state.kept / name)
    world.next_night()
    assert machine.night().code == ""
    assert answers(world) == []
    assert Device.objects.get().head_seq == 5


def test_a_copy_of_a_withdrawn_computer_comes_in_no_more_and_is_evidence(world: World) -> None:
    machine = world.enrolled(nights=1)
    services.revoke(machine.device, actor="user_1", at=world.time.at, reason="sold")
    device = machine.device
    moved = machine.copy_of_disk(Hardware.new())
    world.next_night()
    assert moved.night().code == "revoked"
    assert world.states() == {device: "revoked"}
    assert Device.objects.get().n_sighted == 1
