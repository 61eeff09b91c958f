"""A key belongs to one machine: copies give it up, repairs keep it, and nothing is ever deleted."""

import os
from pathlib import Path

import pytest

from agent import chain, keyfile, spool
from agent.collect import binding
from agent.collect.introducing import former, give_up
from agent.collect.round import collect
from agent.deliver.upload import deliver
from agent.enrolling import enrol_machine
from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer
from agent.state import State, StateError
from tests import needs
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller
from wire import dsse, enrolment

UUID = "4c4c4544-0042-3610-8058-c4c04f4e4d32"


def hardware(
    serial: str = "5CG1234XYZ",
    board: str = "PF0ABCDE",
    uuid: str = UUID,
    mac: str = "8c:16:45:aa:bb:cc",
    disk: str = "S3Z9NB0K",
) -> RecordedHost:
    """A machine with the five facts a key is bound to."""
    host = machine()
    mounts = "/dev/nvme0n1p2 / ext4 rw 0 0\n"
    gives: dict[str, object] = {
        "/sys/class/dmi/id/product_serial": f"{serial}\n",
        "/sys/class/dmi/id/board_serial": f"{board}\n",
        "/sys/class/dmi/id/product_uuid": f"{uuid}\n",
        "/proc/self/mounts": mounts,
        "/sys/class/block/nvme0n1/device/serial": f"{disk}      \n",
    }
    answers = [Answer(ask=["read", path], gives=given) for path, given in gives.items()]
    link = "../../devices/pci0/nvme/nvme0/block/nvme0n1/nvme0n1p2"
    answers.append(Answer(ask=["link", "/sys/class/block/nvme0n1p2"], gives=link))
    card = {"name": "eth0", "mac": mac, "permanent": True, "kind": "wired", "up": True}
    answers.append(Answer(ask=["interfaces"], gives=[card]))
    host.recording.answers = answers
    return RecordedHost(host.recording, strict=False)


def test_five_facts_tell_a_machine_apart() -> None:
    assert binding.factors(hardware()) == {
        "serial": "5CG1234XYZ",
        "board_serial": "PF0ABCDE",
        "uuid": UUID,
        "macs": "8c:16:45:aa:bb:cc",
        "disk_serial": "S3Z9NB0K",
    }


def test_what_a_thousand_machines_share_is_no_fact() -> None:
    shared = hardware(
        serial="To Be Filled By O.E.M.",
        board="Default string",
        uuid="03000200-0400-0500-0006-000700080009",
        mac="02:00:00:00:00:01",
        disk="0000",
    )
    assert binding.factors(shared) == {}
    assert binding.digest({}) == ""


@pytest.mark.parametrize(
    ("change", "another"),
    [
        ({}, False),
        ({"disk": "NEWDRIVE9"}, False),
        ({"disk": "NEWDRIVE9", "mac": "8c:16:45:00:00:09"}, False),
        ({"serial": "A1B2C3D4", "board": "E5F6G7H8", "mac": "8c:16:45:00:00:09"}, True),
    ],
)
def test_a_repair_keeps_the_key_and_most_of_it_changed_is_another_machine(
    tmp_path: Path, change: dict[str, str], another: bool
) -> None:
    binding.store(tmp_path, binding.factors(hardware()))
    now = binding.factors(hardware(**change))
    assert binding.is_another_machine(tmp_path, now) is another


def test_one_fact_alone_decides_nothing(tmp_path: Path) -> None:
    binding.store(tmp_path, {"serial": "AAAA1111"})
    assert not binding.is_another_machine(tmp_path, {"serial": "BBBB2222"})


def test_facts_that_cannot_be_seen_today_are_not_held_against_the_machine(tmp_path: Path) -> None:
    binding.store(tmp_path, binding.factors(hardware()))
    assert not binding.is_another_machine(tmp_path, {"macs": "8c:16:45:aa:bb:cc"})


def test_a_copied_disk_enrols_as_new_and_says_who_it_was(
    state: State, controller: Controller
) -> None:
    first = enrol_machine(state, hardware(), controller.url, controller.code()).identity
    first_key = keyfile.load(state.key)
    collect(state, hardware())
    give_up(state, NOW)
    assert former(state) == first.device
    with pytest.raises(StateError, match="not enrolled"):
        collect(state, hardware())
    controller.device = "dev_01JD9ZK3V5N8Q2R4T6W8Y0ZZZZ"
    enrol_machine(state, hardware(serial="OTHER123"), controller.url, controller.code())
    sent = next(r for r in reversed(controller.requests) if r.path == "/v1/enrol")
    introduced = enrolment.open_enrol(dsse.parse(sent.body))
    assert introduced.was == first.device
    assert keyfile.load(state.key) != first_key
    (grave,) = state.orphan.iterdir()
    assert (grave / "device.key").is_file()
    assert [entry.seq for entry in spool.entries(grave / "spool")] == [1]
    assert collect(state, hardware(serial="OTHER123")).seq == 1
    assert deliver(state, NOW).code == ""


def test_a_power_cut_while_giving_up_leaves_no_key_with_anothers_chain(
    state: State, controller: Controller
) -> None:
    enrol_machine(state, hardware(), controller.url, controller.code())
    collect(state, hardware())
    (state.key / "device.key").rename(state.orphan / "device.key")
    enrol_machine(state, hardware(), controller.url, controller.code())
    assert chain.load(state.key) == chain.Chain()
    assert collect(state, hardware()).seq == 1


def test_an_answer_lost_on_the_way_is_made_up_for_with_a_new_key(
    state: State, controller: Controller
) -> None:
    enrol_machine(state, hardware(), controller.url, controller.code())
    (state.root / "identity.json").unlink()
    controller.refusals = [controller.answer, controller.answer]  # roots and hello
    controller.refuse_next("already_enrolled")
    again = enrol_machine(state, hardware(), controller.url, controller.code())
    assert again.status == "active"
    assert collect(state, hardware()).seq == 1


def test_a_stale_nonce_is_fetched_again_once(state: State, controller: Controller) -> None:
    controller.refusals = [controller.answer, controller.answer]  # roots and hello
    controller.refuse_next("bad_nonce")
    assert enrol_machine(state, hardware(), controller.url, controller.code()).status == "active"


@pytest.mark.parametrize("name", ["device.key", "chain.json"])
def test_a_damaged_file_is_named_and_nothing_is_overwritten(enrolled: State, name: str) -> None:
    collect(enrolled, machine())
    (enrolled.key / name).write_bytes(b"\xff{half")
    with pytest.raises(StateError, match=f"{name} is damaged"):
        collect(enrolled, machine())
    assert (enrolled.key / name).read_bytes() == b"\xff{half"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620], ids=["group", "others", "group-writes"])
def test_a_key_that_others_can_read_is_refused(mode: int, enrolled: State) -> None:
    (enrolled.key / "device.key").chmod(mode)
    with pytest.raises(StateError, match="chmod 600"):
        keyfile.load(enrolled.key)


@pytest.mark.parametrize(("owner", "mode"), [(65_534, 0o700), (0, 0o777)])
def test_root_keeps_no_key_where_somebody_else_could_put_another(
    tmp_path: Path, owner: int, mode: int
) -> None:
    """A controller's own data folder, on a computer that is looked after as well, is such a place:
    its user could take the whole folder away, and systemd would hand it the key."""
    needs.root()
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, owner, 0)
    data.chmod(mode)
    with pytest.raises(StateError, match="Others than root"):
        State(data).prepare()
    assert list(data.iterdir()) == []
