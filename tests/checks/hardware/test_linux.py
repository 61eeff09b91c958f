"""The Linux hardware reader over made-up folders and this very machine."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.formats import lsblk
from checks.hardware import linux
from checks.hardware.facts import HardwareFacts
from checks.host import RUN_TIMEOUT, CannotLook, Interface, Ran
from checks.unseen import Unseen, known
from tests import needs
from tests.checks.rooted import RootedHost

DMI = "/sys/class/dmi/id"


class Machine(RootedHost):
    """Answers lsblk and systemd-detect-virt from what a test gives it."""

    drives: tuple[dict[str, object], ...] = ()
    virtual = "none"
    old_lsblk = False

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] == "lsblk":
            if self.old_lsblk and tuple(argv) == lsblk.ARGV:
                return Ran(1, b"", b"lsblk: unknown column: MOUNTPOINTS\n")
            return Ran(0, json.dumps({"blockdevices": list(self.drives)}).encode())
        if argv[0] == "systemd-detect-virt":
            return Ran(int(self.virtual == "none"), self.virtual.encode() + b"\n")
        raise CannotLook("tool-missing", argv[0])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path, cards=[])
    made.put("/proc/cpuinfo", "processor\t: 0\nmodel name\t: Test CPU\n")
    made.put("/proc/meminfo", "MemTotal:        8000000 kB\n")
    return made


def firmware(machine: Machine, **values: str) -> HardwareFacts:
    for leaf, value in values.items():
        machine.put(f"{DMI}/{leaf}", f"{value}\n")
    return linux.read(machine)


def test_lenovo_keeps_the_name_on_the_box_in_the_version(machine: Machine) -> None:
    facts = firmware(
        machine, sys_vendor="LENOVO", product_name="20R3CTO1WW", product_version="ThinkPad L13"
    )
    assert (facts.model, facts.model_code) == ("ThinkPad L13", "20R3CTO1WW")


def test_other_makers_keep_the_model_in_the_product_name(machine: Machine) -> None:
    facts = firmware(
        machine, sys_vendor="HP", product_name="HP ProDesk 400 G6", product_version="KBC 08.96"
    )
    assert (facts.model, facts.model_code) == ("HP ProDesk 400 G6", None)


def test_a_placeholder_is_no_serial_and_is_named(machine: Machine) -> None:
    facts = firmware(machine, product_serial="To Be Filled By O.E.M.", board_serial="AB12CD34EF")
    assert (facts.serial, facts.board_serial, facts.refused) == (None, "AB12CD34EF", ["serial"])


@pytest.mark.parametrize(
    ("kind", "chassis", "portable"),
    [
        ("10", "laptop", True),
        ("137", "laptop", True),  # 9 with the lock bit
        ("31", "tablet", True),
        ("3", "desktop", False),
        ("13", "all-in-one", False),
        ("35", "mini", False),
        ("23", "server", False),
    ],
)
def test_the_chassis_says_whether_it_is_carried(
    machine: Machine, kind: str, chassis: str, portable: bool
) -> None:
    facts = firmware(machine, chassis_type=kind)
    assert (facts.chassis, facts.portable) == (chassis, portable)


def test_a_battery_makes_it_portable_where_the_chassis_says_nothing(machine: Machine) -> None:
    machine.put("/sys/class/power_supply/BAT0/type", "Battery\n")
    assert firmware(machine, chassis_type="2").portable is True


def test_a_mouse_with_a_battery_makes_nothing_portable(machine: Machine) -> None:
    machine.put("/sys/class/power_supply/hidpp_battery_0/type", "Battery\n")
    machine.put("/sys/class/power_supply/hidpp_battery_0/scope", "Device\n")
    assert isinstance(firmware(machine, chassis_type="2").portable, Unseen)


def test_a_virtual_machine_stays_where_it_is(machine: Machine) -> None:
    machine.virtual = "vmware"
    facts = firmware(machine, sys_vendor="VMware, Inc.", chassis_type="1")
    assert (facts.virtual, facts.chassis, facts.portable) == ("vmware", "virtual", False)


def test_a_chassis_that_is_no_number_is_not_guessed(machine: Machine) -> None:
    facts = firmware(machine, chassis_type="laptop")
    assert facts.chassis == Unseen("parse-error")
    assert facts.portable == Unseen("parse-error")


def test_a_board_without_dmi_tells_its_name_by_the_device_tree(machine: Machine) -> None:
    machine.put("/proc/device-tree/model", b"Raspberry Pi 4 Model B Rev 1.4\0")
    machine.put("/proc/device-tree/serial-number", b"10000000abcd1234\0")
    facts = linux.read(machine)
    assert (facts.model, facts.serial) == ("Raspberry Pi 4 Model B Rev 1.4", "10000000abcd1234")
    assert facts.uuid is None


def test_a_long_or_broken_string_from_firmware_is_cut_and_kept_text(machine: Machine) -> None:
    for leaf in ("product_serial", "product_name"):
        machine.put(f"{DMI}/{leaf}", b"\xff" + b"Z9" * 1000 + b"\n")
    facts = linux.read(machine)
    assert len(known(facts.serial) or "") == 128
    assert len(known(facts.model) or "") == 128


def drive(**values: object) -> dict[str, object]:
    plain: dict[str, object] = {"type": "disk", "size": 64 << 30, "rm": False, "hotplug": False}
    return {**plain, **values}


def test_a_stick_is_attached_without_its_serial_and_a_drive_is_fitted_with_it(
    machine: Machine,
) -> None:
    machine.drives = (
        drive(name="sda", tran="sata", hotplug=True, serial="Z1EXAMPLE", vendor="ATA"),
        drive(name="sdb", tran="usb", rm=True, hotplug=True, serial="4C53000123", wwn="0x5"),
        drive(name="sdc", tran="usb", size=0, rm=True),  # a card reader without a card
        drive(name="loop0", type="loop"),
        drive(name="zram0"),
    )
    [fitted] = known(linux.read(machine).disks)
    [attached] = known(linux.read_now(machine).attached_disks)
    assert (fitted.name, fitted.serial, fitted.removable) == ("sda", "Z1EXAMPLE", False)
    assert (attached.name, attached.serial, attached.wwn) == ("sdb", None, None)


def test_soldered_flash_is_a_drive_and_a_memory_card_is_not(machine: Machine) -> None:
    machine.drives = (
        drive(name="mmcblk0", tran="mmc", hotplug=True, serial="0x1a2b3c4d"),
        drive(name="mmcblk0boot0", tran="mmc", hotplug=True, size=4 << 20),
        drive(name="mmcblk0boot1", tran="mmc", hotplug=True, size=4 << 20),
        drive(name="mmcblk1", tran="mmc", hotplug=True, serial="0x55667788"),
    )
    assert [disk.name for disk in known(linux.read(machine).disks)] == ["mmcblk0"]
    assert [disk.name for disk in known(linux.read_now(machine).attached_disks)] == ["mmcblk1"]


def test_free_space_is_told_by_place_and_never_by_path(machine: Machine) -> None:
    inner = {"name": "crypt", "type": "crypt", "mountpoints": ["/"], "fssize": 100, "fsavail": 40}
    photos = {"name": "sda2", "type": "part", "mountpoints": ["/srv/Class 3 photos"]}
    machine.drives = (
        drive(
            name="sda",
            tran="sata",
            children=[
                {"name": "sda1", "type": "part", "children": [inner]},
                {**photos, "fssize": 50, "fsavail": 5},
            ],
        ),
    )
    volumes = known(linux.read_now(machine).volumes)
    assert [(v.place, v.size_bytes, v.free_bytes) for v in volumes] == [
        ("other", 50, 5),
        ("system", 100, 40),
    ]


def test_an_older_lsblk_is_asked_for_the_columns_it_knows(machine: Machine) -> None:
    machine.old_lsblk = True
    machine.drives = (drive(name="sda", tran="sata", mountpoint="/"),)
    assert [disk.name for disk in known(linux.read(machine).disks)] == ["sda"]


def test_a_randomised_address_is_never_given_as_the_cards_own(machine: Machine) -> None:
    machine.cards = [Interface("wlan0", "5e:11:22:33:44:55", False, "wireless", True)]
    cards = known(linux.read(machine).cards)
    assert [card.mac for card in cards] == [Unseen("tool-missing")]


def test_a_made_up_address_of_a_virtual_card_is_kept_but_is_not_burnt_in(
    machine: Machine,
) -> None:
    machine.cards = [
        Interface("eth0", "02:fc:00:00:00:01", True, "wired", True),
        Interface("eth1", "3c:52:82:00:00:01", True, "wired", True),
        Interface("docker0", "02:42:00:00:00:01", False, "virtual", True),
    ]
    cards = known(linux.read(machine).cards)
    assert [(card.name, card.permanent) for card in cards] == [("eth0", False), ("eth1", True)]


def test_a_dock_moves_between_machines_so_it_is_not_part_of_one(machine: Machine) -> None:
    machine.cards = [Interface("enx3c5282000002", "3c:52:82:00:00:02", True, "wired", True)]
    place = machine.root / "sys/class/net/enx3c5282000002"
    place.parent.mkdir(parents=True)
    place.symlink_to("../../devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/net/enx3c5282000002")
    assert linux.read(machine).cards == []
    assert [card.name for card in known(linux.read_now(machine).attached_cards)] == [
        "enx3c5282000002"
    ]


def test_the_installation_is_known_by_a_hash_and_never_by_its_id(machine: Machine) -> None:
    identity = "0123456789abcdef0123456789abcdef"
    machine.put("/etc/machine-id", identity + "\n")
    first = known(linux.read(machine).install_id)
    assert first
    assert identity not in first
    machine.put("/etc/machine-id", "f" * 32 + "\n")
    assert known(linux.read(machine).install_id) != first


def test_a_security_chip_on_an_old_kernel_is_there_but_its_version_is_not_told(
    machine: Machine,
) -> None:
    machine.put("/sys/class/tpm/tpm0/caps", "Manufacturer: 0x49465800\n")
    assert linux.read(machine).tpm == Unseen("unsupported")
    machine.put("/sys/class/tpm/tpm0/tpm_version_major", "2\n")
    assert linux.read(machine).tpm == "2.0"


def test_secure_boot_is_the_fifth_byte(machine: Machine) -> None:
    assert linux.read(machine).secure_boot is None
    machine.put("/sys/firmware/efi/fw_platform_size", "64\n")
    variable = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
    machine.put(f"/sys/firmware/efi/efivars/{variable}", b"\x06\0\0\0\x01")
    assert linux.read(machine).secure_boot is True
    machine.put(f"/sys/firmware/efi/efivars/{variable}", b"\x01\0\0\0\x00")
    assert linux.read(machine).secure_boot is False


def test_this_machine_is_read_twice_to_the_same_bytes() -> None:
    needs.program("lsblk", package="util-linux")
    host = LocalHost(b"k" * 32)
    assert linux.read(host) == linux.read(host)
