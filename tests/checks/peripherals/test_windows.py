"""Bluetooth and cameras as Windows' registry and WMI describe them; constructed, never recorded."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest

from checks.host import CannotLook, Host, Process, Processes, RegistryValue, User, WmiRows
from checks.peripherals import windows
from checks.peripherals.facts import PeripheralsFacts, Radio
from checks.peripherals.radios import NEITHER, OFF
from checks.unseen import Unseen, known
from tests.checks.windows_host import Given, WindowsHost

SID = "S-1-5-21-1-2-3-1001"
MAYA = User("maya", SID, "0123456789abcdef", r"C:\Users\maya", "", "human")
ABSENT = User("tom", "S-1-12-1-4-5-6-7", "fedcba9876543210", r"C:\Users\tom", "", "human")
BOOTED = 1_795_300_000
STORE = windows.STORE + r"\webcam"
SERVICE = r"HKLM\SYSTEM\CurrentControlSet\Services\bthserv"
STATE = SERVICE + r"\Parameters\BluetoothControlPanelTasks"
MANAGER = r"HKLM\SOFTWARE\Microsoft\PolicyManager\current\device"
ON: dict[str, dict[str, Given]] = {SERVICE: {"Start": 3}, STATE: {"State": 1}}
UNSURE = Unseen("unsupported")
Row = dict[str, int | str | bool | list[int] | list[str] | None]


def device(kind: str, path: str, driver: str = "x", error: int = 0, present: object = True) -> Row:
    return {
        "PNPClass": kind,
        "PNPDeviceID": path,
        "Service": driver,
        "ConfigManagerErrorCode": error,
        "Present": present,  # type: ignore[dict-item]  # a test gives None as well
    }


CARD = device("Bluetooth", r"USB\VID_8087&PID_0026\5")
CHILD = device("Bluetooth", r"BTH\MS_BTHBRB\7")
LENS = device("Camera", r"USB\VID_04F2\6", "usbvideo")


class Machine(WindowsHost):
    """With programs that run."""

    names: Sequence[str] = ()

    def processes(self) -> Processes:
        return [Process(9, name, None, "a") for name in self.names]


def machine(
    rows: WmiRows | CannotLook,
    keys: Mapping[str, Mapping[str, Given]] | None = None,
    *running: str,
    booted: str | None = "2026-11-21T22:26:40+00:00",
    users: Sequence[User] = (MAYA, ABSENT),
) -> Machine:
    host = Machine(
        {rf"HKU\{SID}": {}, **(keys or {})},
        wmi={
            windows.DEVICES: rows,
            "Win32_OperatingSystem": [{"LastBootUpTime": booted}],
        },
        users=users,
    )
    host.names = running
    return host


def facts(host: Machine) -> PeripheralsFacts:
    found = windows.read(cast("Host", host))
    assert isinstance(found, PeripheralsFacts)
    return found


def radios(keys: Mapping[str, Mapping[str, Given]], row: Row = CARD) -> list[Radio]:
    return known(facts(machine([row, CHILD], {**ON, **keys})).radios)


def test_a_computer_with_neither_is_not_asked() -> None:
    assert windows.read(cast("Host", machine([]))) == NEITHER
    gone = [device("Camera", "x", present=False), device("Bluetooth", r"USB\x", error=45)]
    assert windows.read(cast("Host", machine(gone))) == NEITHER
    scanner = device("Image", r"USB\VID_04A9\3", "usbscan")
    assert windows.read(cast("Host", machine([scanner, CHILD]))) == NEITHER


def test_devices_nobody_could_list_leave_all_unseen() -> None:
    found = facts(machine(CannotLook("denied")))
    blind = Unseen("denied")
    assert found == PeripheralsFacts(blind, blind, blind, blind, blind)


@pytest.mark.parametrize(
    ("keys", "row", "radio"),
    [
        ({}, CARD, Radio(powered=True, discoverable=UNSURE)),
        ({STATE: {"State": 0}}, CARD, OFF),
        ({STATE: {}}, CARD, Radio(UNSURE, UNSURE)),
        ({STATE: {"State": "on"}}, CARD, Radio(Unseen("parse-error"), UNSURE)),
        ({SERVICE: {"Start": 4}}, CARD, OFF),
        ({SERVICE: {"Start": 2}}, CARD, Radio(powered=True, discoverable=UNSURE)),
        ({}, device("Bluetooth", r"USB\x", error=22), OFF),
        ({rf"{MANAGER}\Connectivity": {"AllowBluetooth": 0}}, CARD, OFF),
        (
            {rf"{MANAGER}\Connectivity": {"AllowBluetooth": 2}},
            CARD,
            Radio(powered=True, discoverable=UNSURE),
        ),
        (
            {rf"{MANAGER}\Bluetooth": {"AllowDiscoverableMode": 0}},
            CARD,
            Radio(powered=True, discoverable=False),
        ),
        (
            {rf"{MANAGER}\Bluetooth": {"AllowDiscoverableMode": 1}},
            CARD,
            Radio(powered=True, discoverable=UNSURE),
        ),
    ],
)
def test_what_switches_a_card_off_or_hides_it(
    keys: dict[str, dict[str, Given]], row: Row, radio: Radio
) -> None:
    assert radios(keys, row) == [radio]


@pytest.mark.parametrize(
    ("set_to", "takes"),
    [(None, "nothing"), (0, "nothing"), (1, "known"), (2, "anybody"), (3, Unseen("parse-error"))],
)
def test_nearby_sharing_of_whoever_is_signed_in_counts(set_to: int | None, takes: object) -> None:
    path = rf"HKU\{SID}\{windows._CDP}"
    values: dict[str, Given] = {} if set_to is None else {"NearShareChannelUserAuthzPolicy": set_to}
    assert facts(machine([CARD], {**ON, path: values})).takes_files == takes


def test_a_policy_forbids_nearby_sharing_and_nobody_signed_in_has_none() -> None:
    path = rf"HKU\{SID}\{windows._CDP}"
    everybody: dict[str, dict[str, Given]] = {path: {"NearShareChannelUserAuthzPolicy": 2}}
    policy: dict[str, dict[str, Given]] = {
        r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System": {"EnableCdp": 0}
    }
    assert facts(machine([CARD], {**ON, **everybody, **policy})).takes_files == "nothing"
    assert facts(machine([CARD], ON, users=[ABSENT])).takes_files == "nothing"


@pytest.mark.parametrize(
    ("keys", "row", "camera"),
    [
        ({}, LENS, "open"),
        ({}, device("Image", r"USB\VID_0AC8\1", "usbvideo"), "open"),
        ({}, device("Camera", r"USB\x", error=22), "denied"),
        ({r"HKLM\SOFTWARE\Policies\Microsoft\Camera": {"AllowCamera": 0}}, LENS, "denied"),
        ({r"HKLM\SOFTWARE\Policies\Microsoft\Camera": {"AllowCamera": 1}}, LENS, "open"),
        ({rf"{MANAGER}\Camera": {"AllowCamera": 0}}, LENS, "denied"),
        (
            {
                r"HKLM\SOFTWARE\Policies\Microsoft\Camera": {"AllowCamera": 1},
                rf"{MANAGER}\Camera": {"AllowCamera": 0},
            },
            LENS,
            "open",
        ),
        ({rf"HKLM\{STORE}": {"Value": "Deny"}}, LENS, "denied"),
        ({rf"HKLM\{STORE}": {"Value": "Allow"}}, LENS, "open"),
        ({rf"HKU\{SID}\{STORE}": {"Value": "Deny"}}, LENS, "open"),
        (
            {r"HKLM\SOFTWARE\Policies\Microsoft\Windows\AppPrivacy": {"LetAppsAccessCamera": 2}},
            LENS,
            "apps-denied",
        ),
        (
            {r"HKLM\SOFTWARE\Policies\Microsoft\Windows\AppPrivacy": {"LetAppsAccessCamera": 1}},
            LENS,
            "open",
        ),
        ({rf"{MANAGER}\Privacy": {"LetAppsAccessCamera": 2}}, LENS, "apps-denied"),
        (
            {r"HKLM\SOFTWARE\Policies\Microsoft\Camera": {"AllowCamera": "no"}},
            LENS,
            Unseen("parse-error"),
        ),
    ],
)
def test_who_may_use_a_camera(keys: dict[str, dict[str, Given]], row: Row, camera: object) -> None:
    assert facts(machine([row], keys)).camera == camera


def test_group_policy_goes_before_management() -> None:
    """An open policy of the school's own is not made a denial by an older one of management."""
    keys: dict[str, dict[str, Given]] = {
        r"HKLM\SOFTWARE\Policies\Microsoft\Windows\AppPrivacy": {"LetAppsAccessCamera": 0},
        rf"{MANAGER}\Privacy": {"LetAppsAccessCamera": 2},
    }
    assert facts(machine([LENS], keys)).camera == "open"


def filetime(at: int) -> RegistryValue:
    return RegistryValue("qword", (at + 11_644_473_600) * 10_000_000 if at else 0)


def use(start: int, stop: int | None) -> dict[str, Given]:
    values: dict[str, Given] = {"LastUsedTimeStart": filetime(start)}
    return values if stop is None else {**values, "LastUsedTimeStop": filetime(stop)}


PACKAGE = rf"HKU\{SID}\{STORE}\Microsoft.WindowsCamera_8wekyb3d8bbwe"
PLAIN = rf"HKU\{SID}\{STORE}\NonPackaged\C:#Program Files#Zoom#bin#Zoom.exe"


@pytest.mark.parametrize(
    ("keys", "since"),
    [
        ({}, None),
        ({PACKAGE: use(BOOTED + 5, 0)}, BOOTED + 5),
        ({PACKAGE: use(BOOTED, 0)}, BOOTED),
        ({PACKAGE: use(BOOTED - 1, 0)}, None),
        ({PACKAGE: use(BOOTED + 5, BOOTED + 6)}, None),
        ({PACKAGE: use(0, 0)}, None),
        ({PACKAGE: use(BOOTED + 5, None)}, None),
        ({PLAIN: use(BOOTED + 9, 0)}, BOOTED + 9),
        ({PLAIN.replace("Zoom.exe", "gone.exe"): use(BOOTED + 9, 0)}, None),
        ({PLAIN: use(BOOTED + 9, 0), PACKAGE: use(BOOTED + 5, 0)}, BOOTED + 5),
        ({rf"HKLM\{STORE}\NonPackaged\C:#x#zoom.EXE": use(BOOTED + 7, 0)}, BOOTED + 7),
        ({PACKAGE: {"LastUsedTimeStart": "x", "LastUsedTimeStop": 0}}, Unseen("parse-error")),
    ],
)
def test_a_use_without_an_end_counts_where_it_can_still_be_true(
    keys: dict[str, dict[str, Given]], since: object
) -> None:
    found = facts(machine([LENS], keys, "Zoom.exe", "explorer.exe"))
    assert found.held_since == since
    assert found.camera_held == (since if isinstance(since, Unseen) else since is not None)


def test_without_the_moment_of_its_start_no_use_is_believed() -> None:
    found = facts(machine([LENS], {PACKAGE: use(BOOTED, 0)}, booted=None))
    assert found.camera_held == Unseen("parse-error")


def test_a_list_of_uses_without_end_is_refused() -> None:
    many = {rf"{PLAIN}{number}": use(1, 2) for number in range(501)}
    assert facts(machine([LENS], many)).camera_held == Unseen("too-large")
