"""Windows' rules for removable media where a value that stands there means the opposite."""

from typing import cast

import pytest

from checks.host import CannotLook, Host, User, WmiRows
from checks.removable_media import windows_attached, windows_control
from checks.removable_media.named import SchoolList
from checks.windows import Row
from tests.checks.windows_host import Given, WindowsHost

Keys = dict[str, dict[str, Given]]
MAYA = User("maya", "S-1-5-21-1-2-3-1001", "a" * 16, r"C:\Users\maya", "", "human")
EXPLORER = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer"
INSTALL = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\DeviceInstall\Restrictions"
FVE = r"Policies\Microsoft\FVE"
DRIVES = "{4D36E967-E325-11CE-BFC1-08002BE10318}"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"


def machine(keys: Keys, wmi: dict[str, WmiRows | CannotLook] | None = None) -> Host:
    return cast("Host", WindowsHost(keys, wmi=wmi, users=(MAYA,)))


@pytest.mark.parametrize("hive", ["HKLM", rf"HKU\{MAYA.uid}"])
@pytest.mark.parametrize(("value", "runs"), [(1, False), (2, True), (0, True)])
def test_commands_of_a_disc_are_kept_from_running_by_1_and_run_unasked_by_2(
    hive: str, value: int, runs: bool
) -> None:
    keys: Keys = {rf"{hive}\{EXPLORER}": {"NoDriveTypeAutoRun": 0xFF, "NoAutorun": value}}
    (found,) = windows_control.autorun(machine(keys))
    assert (found.commands, found.starts) == (runs, False)


@pytest.mark.parametrize(
    ("system", "software", "only"),
    [(1, None, True), (0, 1, False), (None, 1, True), (1, 0, True), (None, None, False)],
)
def test_the_systems_word_on_unencrypted_drives_comes_before_the_other(
    system: int | None, software: int | None, only: bool
) -> None:
    keys: Keys = {}
    if system is not None:
        keys[rf"HKLM\SYSTEM\CurrentControlSet\{FVE}"] = {"RDVDenyWriteAccess": system}
    if software is not None:
        keys[rf"HKLM\SOFTWARE\{FVE}"] = {"RDVDenyWriteAccess": software}
    assert windows_control.only_encrypted(machine(keys)) is only


@pytest.mark.parametrize(
    ("keys", "use"),
    [
        ({INSTALL: {"DenyUnspecified": 1}}, "approved"),
        (
            {
                INSTALL: {"DenyUnspecified": 1, "AllowDeviceClasses": 1},
                rf"{INSTALL}\AllowDeviceClasses": {"1": DRIVES},
            },
            "allow",
        ),
        (
            {
                INSTALL: {"DenyUnspecified": 1, "AllowDeviceClasses": 0},
                rf"{INSTALL}\AllowDeviceClasses": {"1": DRIVES},
            },
            "approved",
        ),
        (
            {
                INSTALL: {"DenyRemovableDevices": 1, "AllowDeviceClasses": 1},
                rf"{INSTALL}\AllowDeviceClasses": {"1": DRIVES},
            },
            "approved",
        ),
    ],
)
def test_an_allowed_class_of_drives_lets_every_drive_in(keys: Keys, use: str) -> None:
    (rule,) = windows_control.rules(machine(keys), ["usb-storage"])
    assert rule.use == use


@pytest.mark.parametrize(("reader", "use"), [("sdbus", "deny"), ("RTSPER", "allow")])
def test_windows_own_driver_for_cards_shuts_no_reader_that_does_without_it(
    reader: str, use: str
) -> None:
    keys: Keys = {
        rf"{SERVICES}\{reader}\Enum": {"Count": 1},
        rf"{SERVICES}\sdstor": {"Start": 4},
    }
    assert windows_control.kinds(machine(keys)) == ["sd"]
    (rule,) = windows_control.rules(machine(keys), ["sd"])
    assert rule.use == use


def test_a_machine_without_any_disk_was_not_looked_at() -> None:
    with pytest.raises(CannotLook) as blind:
        windows_attached.attached(machine({}, {"MSFT_Disk": []}), SchoolList())
    assert blind.value.reason == "denied"


@pytest.mark.parametrize(
    ("conversion", "encrypted"), [(1, True), (0, False), (2, False), (None, "parse-error")]
)
def test_a_stick_is_encrypted_only_where_all_of_it_surely_is(
    conversion: int | None, encrypted: object
) -> None:
    place = "\\\\?\\Volume{1}\\"
    stick: Row = {"BusType": 7, "FriendlyName": "x", "Number": 1, "Path": "", "Size": 10}
    wmi: dict[str, WmiRows | CannotLook] = {
        "MSFT_Disk": [stick],
        "MSFT_Partition": [{"AccessPaths": [place], "DiskNumber": 1}],
        "Win32_EncryptableVolume": [
            {"ConversionStatus": conversion, "DeviceID": place, "ProtectionStatus": 1}
        ],
    }
    (found,) = windows_attached.attached(machine({}, wmi), SchoolList())
    assert getattr(found.encrypted, "unseen", found.encrypted) == encrypted
