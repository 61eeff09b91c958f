"""Windows locking as its registry tells it: layers, odd values, and who is signed in where."""

from typing import cast

import pytest

from checks.host import CannotLook, Host, User, WmiRows
from checks.locking import windows
from checks.locking.facts import LockingFacts, Rule, Session
from checks.unseen import Unseen, known
from tests.checks.windows_host import Given, WindowsHost

Keys = dict[str, dict[str, Given]]
MAYA = User("maya", "S-1-5-21-1-2-3-1001", "a" * 16, r"C:\Users\maya", "", "human")
OMAR = User("omar", "S-1-12-1-1-2-3-4", "b" * 16, r"C:\Users\omar", "", "human")
SYSTEM = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
MDM = r"HKLM\SOFTWARE\Microsoft\PolicyManager\current\device"
HIVE = rf"HKU\{MAYA.uid}"
OWN = rf"{HIVE}\Control Panel\Desktop"
POLICY = rf"{HIVE}\Software\Policies\Microsoft\Windows\Control Panel\Desktop"
WAKE = r"HKLM\SOFTWARE\Policies\Microsoft\Power\PowerSettings\0e796bdb-100d-47d6-a2d5-f7d2daa51f51"
SCHEMES = r"HKLM\SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes"
BALANCED = "381b4222-f694-41f0-9685-ff5bb260df2e"
SCHEME = rf"{SCHEMES}\{BALANCED}\0e796bdb-100d-47d6-a2d5-f7d2daa51f51"
SAVER: dict[str, Given] = {
    "ScreenSaveActive": "1",
    "ScreenSaverIsSecure": "1",
    "ScreenSaveTimeOut": "600",
    "SCRNSAVE.EXE": "scrnsave.scr",
}


def machine(keys: Keys, wmi: WmiRows | CannotLook | None = None, *users: User) -> Host:
    answers = {} if wmi is None else {"Win32_Process": wmi}
    return cast("Host", WindowsHost(keys, wmi=answers, users=users or (MAYA,)))


def read(keys: Keys) -> LockingFacts:
    return windows.read(machine(keys))


def rule(keys: Keys) -> Rule:
    scheme: Keys = {SCHEMES: {"ActivePowerScheme": BALANCED}}
    (only,) = known(read({OWN: {}, **scheme, **keys}).rules)
    return only


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({}, (None, None)),
        ({SYSTEM: {"InactivityTimeoutSecs": 0}}, (None, None)),
        ({SYSTEM: {"InactivityTimeoutSecs": 600}}, (600, "group-policy")),
        (
            {
                SYSTEM: {"InactivityTimeoutSecs": 600},
                rf"{MDM}\LocalPoliciesSecurityOptions": {
                    "InteractiveLogon_MachineInactivityLimit": 600
                },
            },
            (600, "mdm"),
        ),
        (
            {rf"{MDM}\DeviceLock": {"DevicePasswordEnabled": 0, "MaxInactivityTimeDeviceLock": 5}},
            (300, "mdm"),
        ),
        (
            {rf"{MDM}\DeviceLock": {"DevicePasswordEnabled": 1, "MaxInactivityTimeDeviceLock": 5}},
            (None, None),
        ),
        ({rf"{MDM}\DeviceLock": {"MaxInactivityTimeDeviceLock": 5}}, (None, None)),
        (
            {
                SYSTEM: {"InactivityTimeoutSecs": 900},
                rf"{MDM}\DeviceLock": {
                    "DevicePasswordEnabled": 0,
                    "MaxInactivityTimeDeviceLock": 5,
                },
            },
            (300, "mdm"),
        ),
    ],
    ids=["nothing", "zero", "policy", "by-mdm", "minutes", "off", "alone", "shorter-wins"],
)
def test_the_shorter_limit_on_the_machine_holds_and_zero_is_none(
    keys: Keys, wanted: tuple[int | None, str | None]
) -> None:
    facts = read(keys)
    assert (facts.machine_idle_seconds, facts.machine_decided_by) == wanted


def test_a_limit_that_is_no_number_is_unseen() -> None:
    facts = read({SYSTEM: {"InactivityTimeoutSecs": "soon"}})
    assert isinstance(facts.machine_idle_seconds, Unseen)
    assert isinstance(facts.machine_decided_by, Unseen)


@pytest.mark.parametrize(
    ("policy", "own", "wanted"),
    [
        ({}, {}, (0, True, True, "default")),
        ({}, {"ScreenSaveActive": "1"}, (0, True, True, "default")),
        ({}, SAVER, (600, True, True, "user")),
        (SAVER, {}, (600, True, False, "group-policy")),
        (SAVER, {**SAVER, "ScreenSaveTimeOut": "99999"}, (600, True, False, "group-policy")),
        ({**SAVER, "ScreenSaverIsSecure": "0"}, SAVER, (600, False, False, "group-policy")),
        ({**SAVER, "ScreenSaveActive": "0"}, SAVER, (0, True, False, "group-policy")),
        ({**SAVER, "ScreenSaveTimeOut": "0"}, SAVER, (0, True, False, "group-policy")),
        ({"ScreenSaveTimeOut": "600"}, SAVER, (600, True, True, "group-policy")),
        ({}, {"SCRNSAVE.EXE": "a.scr"}, (900, False, True, "default")),
    ],
    ids=[
        *("nothing", "no-program", "own", "policy", "policy-beats-own", "policy-open"),
        *("policy-off", "never", "only-time", "default-time"),
    ],
)
def test_an_accounts_screen_saver_is_the_policys_before_its_own(
    policy: dict[str, Given], own: dict[str, Given], wanted: tuple[int, bool, bool, str]
) -> None:
    seen = rule({OWN: own, POLICY: policy})
    assert (seen.idle_seconds, seen.locks, seen.changeable, seen.decided_by) == wanted


def test_locking_that_is_switched_off_for_an_account_is_told_apart() -> None:
    lockdown = rf"{HIVE}\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
    assert rule({}).possible is True
    assert rule({lockdown: {"DisableLockWorkstation": 1}}).possible is False
    assert rule({lockdown: {"DisableLockWorkstation": 0}}).possible is True


def test_locking_that_is_switched_off_for_everybody_leaves_no_limit_in_force() -> None:
    keys: Keys = {SYSTEM: {"DisableLockWorkstation": 1, "InactivityTimeoutSecs": 600}}
    assert rule(keys).possible is False
    assert read(keys).machine_idle_seconds is None
    keys[SYSTEM]["DisableLockWorkstation"] = 0
    assert rule(keys).possible is True
    assert read(keys).machine_idle_seconds == 600


@pytest.mark.parametrize(
    ("keys", "asks"),
    [
        ({}, True),
        ({WAKE: {"ACSettingIndex": 1, "DCSettingIndex": 1}}, True),
        ({WAKE: {"ACSettingIndex": 1, "DCSettingIndex": 0}}, False),
        ({SCHEME: {"ACSettingIndex": 0}}, False),
        ({SCHEME: {"DCSettingIndex": 1}}, True),
        (
            {
                WAKE: {"ACSettingIndex": 1, "DCSettingIndex": 1},
                SCHEME: {"ACSettingIndex": 0},
            },
            True,
        ),
        (
            {
                WAKE: {"ACSettingIndex": 1},
                SCHEME: {"DCSettingIndex": 0},
            },
            False,
        ),
    ],
    ids=["default", "policy", "battery", "mains-off", "one", "policy-wins", "half"],
)
def test_waking_asks_on_mains_and_on_battery_policy_before_scheme(keys: Keys, asks: bool) -> None:
    assert rule(keys).on_resume is asks


def test_a_power_scheme_that_is_no_scheme_is_never_followed() -> None:
    odd: list[Keys] = [{SCHEMES: {"ActivePowerScheme": r"..\..\Services"}}, {SCHEMES: {}}]
    assert [isinstance(rule(one).on_resume, Unseen) for one in odd] == [True, True]


@pytest.mark.parametrize(
    ("delay", "asks", "grace"), [(0, True, 0), (900, True, 900), (0xFFFFFFFF, False, 0)]
)
def test_modern_standby_may_give_time_or_never_ask(delay: int, asks: bool, grace: int) -> None:
    seen = rule({OWN: {"DelayLockInterval": delay}})
    assert (seen.on_resume, seen.wake_grace_seconds) == (asks, grace)


def test_an_account_whose_hive_is_not_loaded_is_deferred() -> None:
    scheme: Keys = {SCHEMES: {"ActivePowerScheme": BALANCED}}
    (only,) = known(read({SYSTEM: {"InactivityTimeoutSecs": 600}, **scheme}).rules)
    assert not only.loaded
    assert isinstance(only.idle_seconds, Unseen)
    assert (only.on_resume, only.grace_seconds) == (True, 5)


def seat(user: User, number: str, name: str = "Console") -> Keys:
    return {rf"HKU\{user.uid}\Volatile Environment\{number}": {"SESSIONNAME": name}}


def process(name: str, session: int, at: str | None = "2026-11-22T07:00:00Z") -> dict[str, object]:
    return {"Name": name, "SessionId": session, "CreationDate": at}


def sessions(
    keys: Keys, *running: dict[str, object], users: tuple[User, ...] = ()
) -> list[Session]:
    host = machine(keys, cast("WmiRows", list(running)), *users)
    return known(windows.read_now(host).sessions)


def test_a_sign_in_screen_in_the_session_is_a_lock() -> None:
    (one,) = sessions(seat(MAYA, "2"), process("explorer.exe", 2), process("LogonUI.exe", 2))
    assert (one.user, one.remote, one.locked) == (MAYA.alias, False, True)
    assert one.logon_at == 1_795_330_800
    assert isinstance(one.idle_seconds, Unseen)


def test_one_in_another_session_is_none() -> None:
    (one,) = sessions(seat(MAYA, "2"), process("explorer.exe", 2), process("LogonUI.exe", 1))
    assert one.locked is False


def test_with_two_signed_in_no_sign_in_screen_proves_nothing() -> None:
    both = {**seat(MAYA, "2"), **seat(OMAR, "3", "RDP-Tcp#0")}
    found = sessions(
        both, process("explorer.exe", 2), process("sihost.exe", 3, None), users=(MAYA, OMAR)
    )
    assert all(isinstance(one.locked, Unseen) for one in found)
    assert [one.remote for one in found] == [False, True]
    assert isinstance(found[1].logon_at, Unseen)


def test_a_session_without_a_shell_is_neither_open_nor_locked() -> None:
    (one,) = sessions(seat(MAYA, "2"), process("svchost.exe", 0))
    assert isinstance(one.locked, Unseen)


def test_nobody_signed_in_asks_for_no_processes() -> None:
    keys: Keys = {OWN: {}, rf"{HIVE}\Volatile Environment\odd": {}}
    assert known(windows.read_now(machine(keys, CannotLook("crashed"))).sessions) == []


@pytest.mark.parametrize(
    "answer", [CannotLook("timeout"), [{"Name": "a", "SessionId": "x"}]], ids=["slow", "odd"]
)
def test_processes_nobody_can_read_are_unseen_sessions(answer: WmiRows | CannotLook) -> None:
    now = windows.read_now(machine(seat(MAYA, "2"), answer))
    assert isinstance(now.sessions, Unseen)
