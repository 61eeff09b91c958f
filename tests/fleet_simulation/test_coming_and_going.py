"""What a computer does of itself over the years, with the real agent and the real intake: it leaves
and says so, it changes its key, it is set back to before that."""

from agent import farewell, leaving
from controller.fleet.models import Device, PastKey
from tests.fleet_simulation.world import DAY, Computer, World

YEAR = 366 * DAY


def known(computer: Computer) -> Device:
    return Device.objects.get(id=computer.device)


def test_a_computer_that_is_uninstalled_is_shown_as_taken_off(world: World) -> None:
    computer = world.enrolled(nights=2)
    device = computer.device
    world.next_night()
    assert farewell.tell(computer.state, computer.machine, farewell.UNINSTALLED) == (
        farewell.Farewell(True)
    )
    leaving.remove(computer.state)
    row = Device.objects.get(id=device)
    assert (row.left_at, row.left_how, row.head_seq) == (world.time.at, "uninstalled", 3)


def test_offline_it_leaves_all_the_same_and_the_controller_sees_silence(world: World) -> None:
    computer = world.enrolled()
    device = computer.device
    world.down = True
    told = farewell.tell(computer.state, computer.machine, farewell.UNINSTALLED)
    assert told is not None
    assert (told.told, told.sentence) == (False, "The controller does not answer.")
    leaving.remove(computer.state)
    assert Device.objects.get(id=device).left_at is None


def test_a_sealed_image_leaves_and_what_is_made_of_it_is_new(world: World) -> None:
    master = world.enrolled()
    device = master.device
    farewell.tell(master.state, master.machine, farewell.SEALED)
    leaving.wipe(master.state)
    copy = master.copy_of_disk(master.machine.hardware)
    copy.enrol()
    world.next_night()
    assert copy.night().code == ""
    assert Device.objects.get(id=device).left_how == "sealed"
    assert known(copy).left_at is None
    assert copy.device != device


def test_over_three_years_the_key_changes_by_itself_and_nothing_else_does(world: World) -> None:
    computer = world.enrolled(nights=2)
    device, first = computer.device, known(computer).key_id
    for _ in range(3):
        world.time.at += YEAR
        for _ in range(3):
            world.next_night()
            assert computer.night().code == ""
    assert PastKey.objects.filter(device_id=device).count() == 3
    assert known(computer).key_id != first
    assert (computer.device, known(computer).head_seq) == (device, 11)
    assert world.lost() == set()


def test_a_computer_set_back_to_before_its_change_of_key_waits_to_be_let_in_anew(
    world: World,
) -> None:
    computer = world.enrolled(nights=2)
    before, former = computer.snapshot(), computer.device
    world.time.at += YEAR
    for _ in range(2):
        world.next_night()
        assert computer.night().code == ""
    assert PastKey.objects.filter(device_id=former).count() == 1
    computer.restore(before)
    for _ in range(3):
        world.next_night()
        computer.night()
    waiting = known(computer)
    assert (waiting.state, waiting.was, waiting.was_signed) == ("pending", former, True)
    world.let_in(computer)
    world.next_night()
    assert computer.night().code == ""
    assert known(computer).head_seq > 0
    assert Device.objects.get(id=former).head_seq == 4
    assert world.lost() == set()
