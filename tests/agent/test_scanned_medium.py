"""Which stick a folder lies on, and whether the folder is all of it: for certain or not at all."""

import json
from collections.abc import Sequence

import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer
from agent.scanning import medium
from checks.formats import lsblk
from checks.host import Platform
from checks.removable_media import attached
from checks.removable_media import windows_attached as there
from tests.agent.blank import blank


def row(name: str, place: str | None, *children: object) -> dict[str, object]:
    kind = "part" if name[-1].isdigit() else "disk"
    return {
        "name": name,
        "kname": name,
        "type": kind,
        "size": 8_000_000_000,
        "rm": True,
        "fstype": "vfat" if place else None,
        "mountpoints": [place],
        "children": [*children],
    }


def mounted(*lines: str) -> str:
    return "".join(f"36 25 8:17 {line} rw shared:1 - vfat /dev/sdb1 rw\n" for line in lines)


def linux(drive: dict[str, object], mounts: str) -> RecordedHost:
    usb = "../devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb"
    folder = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2"
    lists = json.dumps({"blockdevices": [drive]})
    return blank(
        "linux",
        Answer(ask=["read", medium.MOUNTS], gives=mounts),
        Answer(ask=["run", *lsblk.ARGV], gives=lists),
        Answer(ask=["link", "/sys/block/sdb"], gives=usb),
        Answer(ask=["read", "/sys/block/sdb/size"], gives="15625000\n"),
        Answer(ask=["read", f"{folder}/idVendor"], gives="0781\n"),
        Answer(ask=["read", f"{folder}/idProduct"], gives="5581\n"),
        Answer(ask=["read", f"{folder}/serial"], gives="4C530001\n"),
        Answer(ask=["read", f"{folder}/manufacturer"], gives="SanDisk\n"),
        Answer(ask=["read", f"{folder}/product"], gives="Ultra\n"),
    )


ONE = row("sdb", None, row("sdb1", "/media/maya/MY STICK"))
TWO = row("sdb", None, row("sdb1", "/media/maya/MY STICK"), row("sdb2", None))
PLACE = "/ /media/maya/MY\\040STICK"


@pytest.mark.parametrize(
    ("drive", "mounts", "path", "whole"),
    [
        (ONE, mounted("/ /", PLACE), "/media/maya/MY STICK", True),
        (ONE, mounted("/ /", PLACE), "/media/maya/MY STICK/photos", False),
        (ONE, mounted("/ /", PLACE.replace("/ ", "/sub ", 1)), "/media/maya/MY STICK", False),
        (ONE, mounted(PLACE, f"{PLACE}/in"), "/media/maya/MY STICK", False),
        (TWO, mounted("/ /", PLACE), "/media/maya/MY STICK", False),
    ],
    ids=["all", "a-folder", "a-part-mounted", "something-over-it", "two-parts"],
)
def test_a_folder_is_all_of_a_stick_only_for_certain(
    drive: dict[str, object], mounts: str, path: str, whole: bool
) -> None:
    with linux(drive, mounts) as host:
        lies_on = medium.of(host, path)
        volume = attached.volume(host, "sdb")
    assert volume is not None
    assert lies_on == medium.Medium(volume.id, "SanDisk Ultra", whole)


def test_a_folder_of_this_computer_lies_on_no_stick() -> None:
    host = linux(ONE, mounted("/ /", PLACE))
    assert medium.of(host, "/home/maya/copied") == medium.Medium()


@pytest.mark.parametrize("platform", ["linux", "macos", "windows"])
def test_where_nobody_can_tell_the_scan_goes_on(platform: Platform) -> None:
    with blank(platform) as host:
        assert medium.of(host, "E:\\" if platform == "windows" else "/media/x") == medium.Medium()


def partition(letter: str | None, disk: int) -> dict[str, object]:
    paths = [f"{letter}:\\", "\\\\?\\Volume{1}\\"] if letter else None
    return {"AccessPaths": paths, "DiskNumber": disk}


@pytest.mark.parametrize(
    ("partitions", "path", "whole"),
    [
        ([partition("C", 0), partition("E", 1)], "E:\\", True),
        ([partition("C", 0), partition("E", 1)], "e:\\", True),
        ([partition("C", 0), partition("E", 1)], "E:\\photos", False),
        ([partition("E", 1), partition("F", 1)], "E:\\", False),
        ([partition("E", 1), partition(None, 1)], "E:\\", True),
        ([partition("C", 0), partition("E", 1)], "C:\\photos", None),
    ],
)
def test_a_drive_letter_of_windows_is_followed_to_its_stick(
    partitions: Sequence[object], path: str, whole: bool | None
) -> None:
    stick = "\\\\?\\usbstor#disk&ven_sandisk#4c530001&0#{53f56307-b6bf-11d0}"
    disks = [
        {"BusType": 17, "FriendlyName": "NVMe", "Number": 0, "Path": "x", "Size": 9},
        {"BusType": 7, "FriendlyName": "SanDisk", "Number": 1, "Path": stick, "Size": 9},
    ]
    with blank(
        "windows",
        Answer(ask=["wmi", "MSFT_Partition", there.NAMESPACE, *there._PARTITION], gives=partitions),
        Answer(ask=["wmi", "MSFT_Disk", there.NAMESPACE, *there._DISK], gives=disks),
    ) as host:
        lies_on = medium.of(host, path)
    assert bool(lies_on.id) is (whole is not None)
    assert lies_on.whole is bool(whole)
