"""What is plugged into a Mac, by what diskutil and ioreg tell together."""

import plistlib
from typing import Any

import pytest

from agent.hosts.recording import Answer
from checks.removable_media import macos_attached
from checks.removable_media.facts import Volume
from checks.removable_media.named import SchoolList
from checks.unseen import Unseen
from tests.checks.removable_media.test_macos import mac

STICK = {
    "IOObjectClass": "IOUSBHostDevice",
    "idVendor": 0x0781,
    "idProduct": 0x5581,
    "USB Vendor Name": "SanDisk",
    "USB Product Name": "Ultra",
    "USB Serial Number": "4C53",
}
MEDIA = {"IOObjectClass": "IOMedia", "BSD Name": "disk4"}


def below(device: dict[str, Any], *nodes: dict[str, Any], interface: int = 8) -> dict[str, Any]:
    inner = {
        "IOObjectClass": "IOUSBHostInterface",
        "bInterfaceClass": interface,
        "idVendor": 1,
        "idProduct": 2,
        "IORegistryEntryChildren": list(nodes),
    }
    return {**device, "IORegistryEntryChildren": [inner]}


def plugged(
    *tree: dict[str, Any],
    parts: list[dict[str, Any]] | None = None,
    containers: list[dict[str, Any]] | None = None,
    **info: Any,
) -> list[Volume]:
    """One drive, disk4, as diskutil tells of it, and what ioreg prints."""

    def run(argv: tuple[str, ...], value: Any) -> Answer:
        out = plistlib.dumps(value).decode() if value else ""
        return Answer(ask=["run", *argv], gives={"code": 0, "out": out})

    told = {"Internal": False, "BusProtocol": "USB", "Size": 31_000, "MediaName": "A Stick", **info}
    row = {"DeviceIdentifier": "disk4", "Partitions": parts or []}
    listed = {"WholeDisks": ["disk4"], "AllDisksAndPartitions": [row]}
    answers = [
        run(("diskutil", "list", "-plist", "physical"), listed),
        run(("diskutil", "info", "-plist", "disk4"), told),
        run(("diskutil", "apfs", "list", "-plist"), {"Containers": containers or []}),
        run(("/usr/sbin/ioreg", "-r", "-c", "IOUSBHostDevice", "-a", "-l"), list(tree)),
    ]
    return macos_attached.attached(mac(*answers), SchoolList())


def test_a_stick_is_known_by_its_device() -> None:
    (found,) = plugged(below(STICK, MEDIA))
    assert (found.usb, found.name, found.serial) == ("0781:5581", "SanDisk Ultra", True)
    assert (found.kind, found.size_bytes) == ("usb-storage", 31_000)
    (other,) = plugged(below({**STICK, "USB Serial Number": "other"}, MEDIA))
    assert other.id != found.id


def test_a_stick_in_a_hub_is_not_the_hub() -> None:
    hub = {"IOObjectClass": "IOUSBHostDevice", "idVendor": 5, "idProduct": 6}
    stick = below(STICK, MEDIA)
    (found,) = plugged(below(hub, stick, interface=9), stick)
    assert found.usb == "0781:5581"


def test_a_drive_by_usb_that_no_device_claims_leaves_all_unseen() -> None:
    with pytest.raises(Exception, match="parse-error"):
        plugged(below(STICK))


def test_a_drive_by_another_bus_is_known_by_its_name() -> None:
    (found,) = plugged(BusProtocol="Thunderbolt")
    assert (found.kind, found.usb, found.name, found.serial) == (
        "usb-storage",
        "",
        "A Stick",
        False,
    )
    (card,) = plugged(BusProtocol="Secure Digital", Internal=True)
    assert card.kind == "sd"


def test_the_macs_own_drive_and_a_disc_are_not_plugged_in() -> None:
    assert plugged(Internal=True, BusProtocol="Apple Fabric") == []
    assert plugged(OpticalMediaType="DVD-ROM") == []


def test_a_phone_is_told_apart_and_a_keyboard_is_nothing() -> None:
    phone = below({**STICK, "USB Product Name": "Phone"}, interface=6)
    board = below(STICK, interface=3)
    (found,) = plugged(phone, board, Internal=True, BusProtocol="Apple Fabric")
    assert (found.kind, found.size_bytes) == ("phone", None)


APFS = {"DeviceIdentifier": "disk4s2", "Content": "Apple_APFS"}
EFI = {"DeviceIdentifier": "disk4s1", "Content": "EFI", "VolumeName": "EFI"}
FAT = {"DeviceIdentifier": "disk4s3", "Content": "Windows_FAT_32", "VolumeName": "X"}
CLOSED = {"DeviceIdentifier": "disk4s4", "Content": "Microsoft Basic Data"}
CORE = {"DeviceIdentifier": "disk4s5", "Content": "Apple_CoreStorage", "VolumeName": "X"}


def volume(locked: object) -> list[dict[str, Any]]:
    stores = [{"DeviceIdentifier": "disk4s2"}]
    return [{"PhysicalStores": stores, "Volumes": [{"Roles": [], "FileVault": locked}]}]


@pytest.mark.parametrize(
    ("parts", "locked", "encrypted"),
    [
        ([EFI, APFS], True, True),
        ([EFI, APFS], False, False),
        ([APFS, FAT], True, False),
        ([FAT], True, False),
        ([APFS, CLOSED], True, "unsupported"),
        ([FAT, CLOSED], True, False),
        ([CLOSED], True, "unsupported"),
        ([CORE], True, "unsupported"),
        ([EFI], True, "parse-error"),
        ([{"DeviceIdentifier": "disk4s9", "Content": "Apple_APFS"}], True, "parse-error"),
    ],
    ids=str,
)
def test_a_drive_is_encrypted_where_every_part_is(
    parts: list[dict[str, Any]], locked: bool, encrypted: bool | str
) -> None:
    (found,) = plugged(below(STICK, MEDIA), parts=parts, containers=volume(locked))
    told = found.encrypted
    assert (told.unseen if isinstance(told, Unseen) else told) == encrypted


def test_a_drive_being_decrypted_is_not_encrypted() -> None:
    containers = volume(True)
    containers[0]["Volumes"][0]["CryptoMigrationOn"] = True
    (found,) = plugged(below(STICK, MEDIA), parts=[APFS], containers=containers)
    assert found.encrypted is False
