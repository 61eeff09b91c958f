"""Windows hardware: what WMI and the firmware's key tell, placeholders and odd answers."""

from typing import cast

import pytest

from checks.hardware import windows
from checks.hardware.facts import Disk, HardwareFacts, HardwareNow, NetworkCard
from checks.host import CannotLook, Host, WmiRows
from checks.unseen import Unseen, known
from checks.windows import WINDOWS_NT, Row
from tests.checks.windows_host import Given, WindowsHost

BIOS = r"HKLM\HARDWARE\DESCRIPTION\System\BIOS"
CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"
STATE = rf"{CONTROL}\SecureBoot\State"
Keys = dict[str, dict[str, Given]]
Answers = dict[str, WmiRows | CannotLook]


def machine(keys: Keys | None = None, wmi: Answers | None = None) -> Host:
    return cast("Host", WindowsHost(keys, wmi=wmi))


def read(keys: Keys | None = None, wmi: Answers | None = None) -> HardwareFacts:
    return windows.read(machine(keys, wmi))


def drive(**changes: int | str | None) -> Row:
    sound: Row = {"DeviceId": "0", "Model": "M", "BusType": 11, "MediaType": 4, "Size": 500}
    return {**sound, "SerialNumber": "WXYZ1234", **changes}


def disks(*rows: Row) -> tuple[list[Disk], list[Disk]]:
    host = machine(wmi={"MSFT_PhysicalDisk": list(rows)})
    return known(windows.read(host).disks), known(windows.read_now(host).attached_disks)


def test_the_model_of_a_lenovo_is_its_version_and_its_product_is_a_code() -> None:
    said: dict[str, Given] = {"SystemProductName": "20R3CTO1WW", "SystemVersion": "ThinkPad L13"}
    lenovo = read({BIOS: {"SystemManufacturer": "LENOVO", **said}})
    assert (lenovo.model, lenovo.model_code) == ("ThinkPad L13", "20R3CTO1WW")
    other = read({BIOS: {"SystemManufacturer": "HP", **said}})
    assert (other.model, other.model_code) == ("20R3CTO1WW", None)
    unnamed = read({BIOS: {"SystemManufacturer": "LENOVO", **said, "SystemVersion": "None"}})
    assert (unnamed.model, unnamed.model_code) == ("20R3CTO1WW", None)


def test_placeholders_become_none_and_are_named() -> None:
    facts = read(
        {BIOS: {"SystemManufacturer": "System manufacturer", "SystemProductName": "HP 250 G7"}},
        {
            "Win32_BIOS": [{"SerialNumber": "To be filled by O.E.M."}],
            "Win32_ComputerSystemProduct": [{"UUID": "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"}],
        },
    )
    assert (facts.make, facts.serial, facts.uuid, facts.model) == (None, None, None, "HP 250 G7")
    assert sorted(facts.refused) == ["make", "serial", "uuid"]


@pytest.mark.parametrize(
    ("types", "guess", "chassis", "portable"),
    [
        ([10], None, "laptop", True),
        ([10 + 128], None, "laptop", True),
        ([2, 31], None, "tablet", True),
        ([3], 2, "desktop", False),
        ([13], None, "all-in-one", False),
        ([2], 2, None, True),
        ([2], 8, None, True),
        ([1], 1, None, False),
        ([99], 4, "other", False),
    ],
)
def test_the_chassis_says_whether_it_is_carried_or_windows_guesses(
    types: list[int], guess: int | None, chassis: str | None, portable: bool
) -> None:
    wmi: Answers = {"Win32_SystemEnclosure": [{"ChassisTypes": types}]}
    if guess is not None:
        wmi["Win32_ComputerSystem"] = [{"PCSystemType": guess}]
    facts = read(None, wmi)
    assert (facts.chassis, facts.portable) == (chassis, portable)


@pytest.mark.parametrize("guess", [0, 6, None])
def test_a_guess_that_says_nothing_leaves_portable_unseen(guess: int | None) -> None:
    wmi: Answers = {
        "Win32_SystemEnclosure": [{"ChassisTypes": [2]}],
        "Win32_ComputerSystem": [{"PCSystemType": guess}],
    }
    assert isinstance(read(None, wmi).portable, Unseen)


@pytest.mark.parametrize(
    ("make", "model", "wanted"),
    [
        ("Microsoft Corporation", "Virtual Machine", "microsoft"),
        ("Microsoft Corporation", "Surface Laptop Go 2", None),
        ("innotek GmbH", "VirtualBox", "oracle"),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "qemu"),
    ],
)
def test_a_virtual_machine_is_known_by_its_maker(make: str, model: str, wanted: str | None) -> None:
    facts = read({BIOS: {"SystemManufacturer": make, "SystemProductName": model}})
    assert facts.virtual == wanted
    if wanted:
        assert (facts.chassis, facts.portable) == ("virtual", False)


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({CONTROL: {"PEFirmwareType": 1}}, None),
        ({CONTROL: {"PEFirmwareType": 1}, STATE: {"UEFISecureBootEnabled": 0}}, None),
        ({CONTROL: {"PEFirmwareType": 2}}, False),
        ({CONTROL: {"PEFirmwareType": 2}, STATE: {"UEFISecureBootEnabled": 1}}, True),
        ({STATE: {"UEFISecureBootEnabled": 1}}, True),
        ({STATE: {"UEFISecureBootEnabled": 0}}, False),
    ],
    ids=["bios", "bios-with-state", "uefi-without", "on", "on-only", "off-only"],
)
def test_secure_boot_is_off_on_or_does_not_apply(keys: Keys, wanted: bool | None) -> None:
    assert read(keys).secure_boot is wanted


def test_a_machine_that_does_not_say_how_it_started_leaves_secure_boot_unseen() -> None:
    assert isinstance(read().secure_boot, Unseen)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], None),
        ([{"SpecVersion": "2.0, 0, 1.38", "IsEnabled_InitialValue": True}], "2.0"),
        ([{"SpecVersion": "1.2, 2, 3", "IsEnabled_InitialValue": True}], "1.2"),
        ([{"SpecVersion": "2.0, 0, 1.38", "IsEnabled_InitialValue": False}], None),
    ],
)
def test_the_security_chip_counts_when_it_is_switched_on(rows: WmiRows, wanted: str | None) -> None:
    assert read(None, {"Win32_Tpm": rows}).tpm == wanted


@pytest.mark.parametrize(
    "answer", [CannotLook("denied"), [{"SpecVersion": "Not Supported"}]], ids=["denied", "odd"]
)
def test_a_security_chip_nobody_may_ask_is_unseen(answer: WmiRows | CannotLook) -> None:
    assert isinstance(read(None, {"Win32_Tpm": answer}).tpm, Unseen)


@pytest.mark.parametrize(
    ("printed", "told", "serial"),
    [
        ("FJ68NEXAMPLE   _0000", "ACE4_2E61_9000_7804.", "FJ68NEXAMPLE"),
        ("S4EVNXEXAMPLE_00000001.", "0025_3888_91B0_1234.", "S4EVNXEXAMPLE"),
        (None, "ACE4_2E61_9000_7804.", None),
        (None, "0000_0000_0100_0000_8CE3_8E04_00C0_FFEE.", None),
        ("", "     WD-WCC6YEXAMPLE", "WD-WCC6YEXAMPLE"),
        (None, "00000000", None),
        (None, None, None),
    ],
)
def test_the_serial_of_a_drive_is_the_one_printed_on_it(
    printed: str | None, told: str | None, serial: str | None
) -> None:
    row = drive(BusType=17, AdapterSerialNumber=printed, SerialNumber=told)
    assert disks(row)[0][0].serial == serial


@pytest.mark.parametrize(
    ("unique", "form", "wwn"),
    [
        ("eui.ACE42E6190007804", 8, "eui.ace42e6190007804"),
        ("50014EE2B1234567", 3, "0x50014ee2b1234567"),
        ("50014EE2B1234567", 0, None),
        ("     ATAVBOX HARDDISK", 1, None),
        (None, None, None),
    ],
)
def test_a_world_wide_name_is_one_only_where_windows_says_so(
    unique: str | None, form: int | None, wwn: str | None
) -> None:
    assert disks(drive(UniqueId=unique, UniqueIdFormat=form))[0][0].wwn == wwn


@pytest.mark.parametrize(
    ("media", "speed", "turns"),
    [(3, 7200, True), (4, 0, False), (0, 5400, True), (0, 0, False), (0, 0xFFFFFFFF, False)],
)
def test_a_drive_turns_when_windows_says_so(media: int, speed: int, turns: bool) -> None:
    assert disks(drive(MediaType=media, SpindleSpeed=speed))[0][0].rotational is turns


def test_drives_from_outside_are_apart_and_keep_their_serial_to_themselves() -> None:
    own, attached = disks(
        drive(DeviceId="0", BusType=13),
        drive(DeviceId="1", BusType=7),
        drive(DeviceId="2", BusType=12),
        drive(DeviceId="3", BusType=15),
        drive(DeviceId="4", BusType=16),
        drive(DeviceId="5", BusType=99),
    )
    assert [(disk.name, disk.transport) for disk in own] == [("disk0", "mmc"), ("disk5", "other")]
    assert [(disk.name, disk.transport) for disk in attached] == [
        ("disk1", "usb"),
        ("disk2", "mmc"),
    ]
    assert {disk.serial for disk in attached} == {None}


def test_a_drive_without_a_number_is_an_answer_nobody_can_use() -> None:
    assert isinstance(read(None, {"MSFT_PhysicalDisk": [drive(DeviceId="x")]}).disks, Unseen)


def card(**changes: int | str | bool | None) -> Row:
    sound: Row = {"InterfaceDescription": "Intel", "PermanentAddress": "3C6A9D000001"}
    return {**sound, "PnPDeviceID": r"PCI\VEN", "HardwareInterface": True, **changes}


def test_only_hardware_counts_as_a_card_and_what_hangs_on_usb_is_apart() -> None:
    rows = [
        card(NdisPhysicalMedium=9),
        card(InterfaceDescription="TAP", HardwareInterface=False, NdisPhysicalMedium=14),
        card(InterfaceDescription="Dock", PnPDeviceID="usb\\VID_0BDA", NdisPhysicalMedium=14),
        card(InterfaceDescription="Made up", PermanentAddress="023C6A9D0001"),
        card(InterfaceDescription="None", PermanentAddress=None),
    ]
    host = machine(wmi={"MSFT_NetAdapter": rows})
    assert known(windows.read(host).cards) == [
        NetworkCard("Intel", "wireless", "3c:6a:9d:00:00:01", True),
        NetworkCard("Made up", "other", "02:3c:6a:9d:00:01", False),
        NetworkCard("None", "other", None, False),
    ]
    assert [one.name for one in known(windows.read_now(host).attached_cards)] == ["Dock"]


def space(letters: WmiRows, volumes: WmiRows) -> HardwareNow:
    wmi: Answers = {
        "MSFT_PhysicalDisk": [drive(DeviceId="0"), drive(DeviceId="1", BusType=7)],
        "MSFT_Partition": letters,
        "Win32_LogicalDisk": volumes,
    }
    return windows.read_now(machine({rf"HKLM\{WINDOWS_NT}": {"SystemRoot": r"C:\Windows"}}, wmi))


def volume(letter: str, kind: int = 3, size: int | None = 10) -> Row:
    return {"DeviceID": letter, "DriveType": kind, "Size": size, "FreeSpace": size}


@pytest.mark.parametrize("own", ["D", 68], ids=["letter", "number"])
def test_space_is_that_of_the_machines_own_drives(own: int | str) -> None:
    letters: WmiRows = [
        {"DriveLetter": own, "DiskNumber": 0},
        {"DriveLetter": "E", "DiskNumber": 1},
        {"DriveLetter": "\0", "DiskNumber": 0},
    ]
    rows = [volume("C:"), volume("D:"), volume("E:"), volume("F:", 5), volume("G:", 3, None)]
    found = known(space(letters, rows).volumes)
    assert [one.place for one in found] == ["other", "system"]


def test_the_installation_is_told_by_a_hash_only() -> None:
    guid = "1C2D3E4F-0000-4000-8000-000000000001"
    facts = read({r"HKLM\SOFTWARE\Microsoft\Cryptography": {"MachineGuid": guid}})
    assert facts.install_id
    assert guid.lower() not in str(facts.install_id)
    assert read().install_id is None


def test_a_machine_that_answers_nothing_is_unseen_not_empty() -> None:
    facts = read()
    blind = (facts.serial, facts.uuid, facts.chassis, facts.cards, facts.disks, facts.cpu_threads)
    assert all(isinstance(field, Unseen) for field in blind)
    assert (facts.make, facts.refused) == (None, [])
