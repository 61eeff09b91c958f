"""The Linux reader over made-up drives, LUKS as cryptsetup really writes it, and this machine."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.hosts.local import LocalHost
from checks.encryption import linux
from checks.encryption.facts import EncryptionFacts, Volume
from checks.formats import crypttab, dmsetup_table
from checks.hardware.blockdevices import block_devices
from checks.host import RUN_TIMEOUT, CannotLook, Ran
from checks.unseen import Unseen, known
from tests import needs
from tests.checks.rooted import RootedHost

GIB = 1 << 30
Node = dict[str, object]


class Machine(RootedHost):
    """Answers lsblk, dmsetup and zfs from what a test gives it."""

    drives: tuple[Node, ...] = ()
    table = b"No devices found\n"
    zfs: bytes | None = None
    root_only = False

    def run(
        self, argv: Sequence[str], timeout: int = RUN_TIMEOUT, as_user: str | None = None
    ) -> Ran:
        if argv[0] == "lsblk":
            return Ran(0, json.dumps({"blockdevices": list(self.drives)}).encode())
        if argv[0] == "dmsetup":
            return Ran(1, b"", b"Permission denied") if self.root_only else Ran(0, self.table)
        if argv[0] == "zfs" and self.zfs is not None:
            return Ran(0, self.zfs)
        raise CannotLook("tool-missing", argv[0])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    block_devices.cache_clear()
    return Machine(tmp_path, cards=[])


def node(name: str, kind: str, *children: Node, **more: object) -> Node:
    return {"name": name, "kname": name, "type": kind, "children": list(children), **more}


def drive(*children: Node, **more: object) -> Node:
    return node("nvme0n1", "disk", *children, **{"size": 512 * GIB, "tran": "nvme", **more})


def part(name: str, *children: Node, **more: object) -> Node:
    return node(name, "part", *children, **{"size": 100 * GIB, **more})


def mounted(*places: str) -> dict[str, object]:
    return {"mountpoints": list(places), "fstype": "ext4"}


BOOT = part("nvme0n1p2", size=GIB, **mounted("/boot"))
ESP = part("nvme0n1p1", size=GIB // 2, mountpoints=["/boot/efi"], fstype="vfat")


def crypt(machine: Machine, name: str, mapped: str, *children: Node, **more: object) -> Node:
    """An opened container, as the kernel shows it."""
    machine.put(f"/sys/block/{name}/dm/name", f"{mapped}\n", 0o644)
    machine.put(f"/sys/block/{name}/dm/uuid", f"CRYPT-LUKS2-00-{mapped}\n", 0o644)
    machine.table = machine.table.replace(b"No devices found\n", b"")
    line = f"{mapped}: 0 990000 crypt aes-xts-plain64 :64:logon:cryptsetup:0 0 259:3 32768"
    machine.table += f"{line}\n".encode()
    return node(name, "crypt", *children, size=99 * GIB, **more)


def volumes(machine: Machine) -> list[Volume]:
    return known(linux.read(machine).volumes)


def test_the_usual_installation_with_everything_in_one_container(machine: Machine) -> None:
    root = node("dm-1", "lvm", size=90 * GIB, **mounted("/"))
    swap = node("dm-2", "lvm", size=8 * GIB, fstype="swap", mountpoints=["[SWAP]"])
    inside = crypt(machine, "dm-0", "nvme0n1p3_crypt", root, swap, fstype="LVM2_member")
    machine.drives = (drive(ESP, BOOT, part("nvme0n1p3", inside, fstype="crypto_LUKS")),)
    machine.put("/etc/crypttab", "nvme0n1p3_crypt UUID=0 none luks,discard\n", 0o644)
    assert volumes(machine) == [Volume("system", "on"), Volume("swap", "on")]


def test_an_installation_without_any(machine: Machine) -> None:
    machine.drives = (
        drive(
            ESP,
            part("nvme0n1p2", **mounted("/")),
            part("nvme0n1p3", **mounted("/home")),
            part("nvme0n1p4", fstype="swap", mountpoints=["[SWAP]"], size=8 * GIB),
        ),
    )
    assert volumes(machine) == [
        Volume("system", "off"),
        Volume("home", "off"),
        Volume("swap", "off"),
    ]


def test_a_second_system_beside_the_encrypted_one_is_not_overlooked(machine: Machine) -> None:
    inside = crypt(machine, "dm-0", "root", **mounted("/"))
    machine.drives = (
        drive(
            ESP,
            BOOT,
            part("nvme0n1p3", inside, fstype="crypto_LUKS"),
            part("nvme0n1p4", fstype="ntfs", size=200 * GIB),
            part("nvme0n1p5", fstype="ntfs", size=linux.SMALLEST - 1),
            part("nvme0n1p6", fstype="BitLocker"),
        ),
    )
    assert volumes(machine) == [
        Volume("system", "on"),
        Volume("other", "off"),
        Volume("other", "on"),
    ]


def test_a_partition_of_just_the_least_size_counts(machine: Machine) -> None:
    machine.drives = (drive(part("nvme0n1p5", fstype="ntfs", size=linux.SMALLEST)),)
    assert volumes(machine) == [Volume("other", "off")]


def test_a_cipher_that_does_nothing_is_no_encryption(machine: Machine) -> None:
    inside = crypt(machine, "dm-0", "root", **mounted("/"))
    machine.table = b"root: 0 99 crypt cipher_null-ecb - 0 259:3 0\n"
    machine.drives = (drive(ESP, BOOT, part("nvme0n1p3", inside, fstype="crypto_LUKS")),)
    assert volumes(machine) == [Volume("system", "off")]


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("root UUID=0 none luks", "on"),
        ("root UUID=0 - tpm2-device=auto", "on"),
        ("root UUID=0", "on"),
        ("root UUID=0 /dev/urandom swap", "on"),
        ("root UUID=0 /keys/root.key luks", "open"),
        ("root UUID=0 /boot/root.key luks", "open"),
        ("root UUID=0 /key:/dev/disk/by-label/keys luks", "on"),
        ("root UUID=0 /script luks,keyscript=/bin/ask", "on"),
        ("# root UUID=0 /boot/root.key luks", "on"),
    ],
)
def test_what_opens_the_system_decides(machine: Machine, entry: str, wanted: str) -> None:
    inside = crypt(machine, "dm-0", "root", **mounted("/"))
    machine.drives = (drive(ESP, BOOT, part("nvme0n1p3", inside, fstype="crypto_LUKS")),)
    machine.put("/etc/crypttab", f"{entry}\n", 0o644)
    assert volumes(machine) == [Volume("system", wanted)]  # type: ignore[arg-type]  # one of the states


def test_a_key_for_the_homes_may_lie_in_the_encrypted_system(machine: Machine) -> None:
    root = crypt(machine, "dm-0", "root", **mounted("/"))
    home = crypt(machine, "dm-1", "home", **mounted("/home"))
    machine.drives = (
        drive(
            ESP,
            BOOT,
            part("nvme0n1p3", root, fstype="crypto_LUKS"),
            part("nvme0n1p4", home, fstype="crypto_LUKS"),
        ),
    )
    machine.put("/etc/crypttab", "root UUID=0 none\nhome UUID=1 /etc/keys/home\n", 0o644)
    assert volumes(machine) == [Volume("system", "on"), Volume("home", "on")]


def test_an_ordinary_user_takes_luks_as_luks_and_nothing_else(machine: Machine) -> None:
    inside = crypt(machine, "dm-0", "root", **mounted("/"))
    machine.drives = (drive(ESP, BOOT, part("nvme0n1p3", inside, fstype="crypto_LUKS")),)
    machine.root_only = True
    assert volumes(machine) == [Volume("system", "on")]
    machine.put("/sys/block/dm-0/dm/uuid", "CRYPT-PLAIN-root\n", 0o644)
    block_devices.cache_clear()
    (system,) = volumes(machine)
    assert isinstance(system.state, Unseen)


def test_a_layer_the_kernel_says_nothing_about_is_unseen(machine: Machine) -> None:
    inside = crypt(machine, "dm-0", "root", **mounted("/"))
    (machine.root / "sys/block/dm-0/dm/name").unlink()
    machine.drives = (drive(ESP, BOOT, part("nvme0n1p3", inside, fstype="crypto_LUKS")),)
    (system,) = volumes(machine)
    assert isinstance(system.state, Unseen)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (b"rpool\taes-256-gcm\nrpool/home\taes-256-gcm\nbpool\toff\n", "on"),
        (b"rpool\taes-256-gcm\nrpool/open\toff\n", "off"),
        (b"bpool\toff\n", "off"),
        (b"", "off"),
        (None, Unseen("tool-missing")),
    ],
    ids=["encrypted", "one-in-the-clear", "boot-pool-only", "nothing", "no-tool"],
)
def test_zfs_answers_for_itself(machine: Machine, said: bytes | None, wanted: str | Unseen) -> None:
    machine.drives = (drive(ESP, part("nvme0n1p3", fstype="zfs_member")),)
    machine.zfs = said
    (pool,) = volumes(machine)
    if isinstance(wanted, Unseen):
        assert isinstance(pool.state, Unseen)
    else:
        assert pool.state == wanted


def test_sticks_and_memory_are_no_drives_of_its_own(machine: Machine) -> None:
    machine.drives = (
        node("sda", "disk", part("sda1", **mounted("/media/x")), size=8 * GIB, tran="usb"),
        node("zram0", "disk", size=4 * GIB, mountpoints=["[SWAP]"]),
        node("loop0", "loop", size=GIB, **mounted("/snap/core/1")),
    )
    assert volumes(machine) == []


def test_a_machine_without_lsblk_is_unseen(tmp_path: Path) -> None:
    block_devices.cache_clear()
    facts = linux.read(RootedHost(tmp_path))
    assert isinstance(facts.volumes, Unseen)


def test_this_very_machine_is_seen() -> None:
    block_devices.cache_clear()
    facts = linux.read(LocalHost(b"k" * 32))
    assert isinstance(facts, EncryptionFacts)
    assert "system" in [volume.place for volume in known(facts.volumes)]


def test_the_real_dmsetup_answers_the_question_we_ask() -> None:
    needs.root()
    dmsetup = needs.program("dmsetup", package="dmsetup")
    done = subprocess.run([dmsetup, *dmsetup_table.ARGV[1:]], capture_output=True, check=False)
    if done.returncode:
        needs.impossible("this kernel has no device-mapper")
    assert dmsetup_table.parse(done.stdout) == {}


def test_names_with_colons_and_blanks_are_told_from_what_follows() -> None:
    table = b"a: 0 b: 0 12 crypt aes-xts-plain64 0000 0 8:1 0\nlinear: 0 1 linear 8:2 0\n"
    assert dmsetup_table.parse(table) == {"a: 0 b": "aes-xts-plain64"}


def test_no_key_in_a_table_is_kept() -> None:
    table = b"root: 0 12 crypt aes-xts-plain64 5ec7e7 0 8:1 0\n"
    assert "5ec7e7" not in repr(dmsetup_table.parse(table))


@pytest.mark.parametrize("junk", [b"", b"\xff\x00", b"\n" * 1000, b"a", b"a b c d e f"])
def test_nonsense_in_either_file_is_no_crash(junk: bytes) -> None:
    assert len(crypttab.parse(junk)) <= 1
    assert dmsetup_table.parse(junk) == {}
