r"""What decides on Windows whether a program may start, strongest first, and who may install.

- AppLocker: `SOFTWARE\Policies\Microsoft\Windows\SrpV2\Exe`, `EnforcementMode` 1 enforces, 0 only
  watches, rules without it enforce; without a rule everything starts, whatever the mode, and so it
  does by a rule that lets everyone start `*`; nothing holds while the service `AppIDSvc` is
  switched off (4).
  MDM's rules lie in `System32\AppLocker\MDM`, in no form that can be read here: unseen.
- App Control for Business: `Win32_DeviceGuard.UsermodeCodeIntegrityPolicyEnforcementStatus`, 2
  enforces, 1 watches. The kernel's own status is 2 on any Windows 11 and says nothing of programs.
- S mode and Smart App Control: `SYSTEM\CurrentControlSet\Control\CI\Policy`.
- Software Restriction Policies: `DefaultLevel` 0; Windows 11 22H2 (build 22621) and later ignore
  them, as Microsoft says.
- SmartScreen: `EnableSmartScreen` with `ShellSmartScreenLevel` of Group Policy, MDM's area
  `SmartScreen`, or the machine's own word; only what was downloaded is looked at.
- `AlwaysInstallElevated` counts where it is 1 for the machine and for an account.
"""

import re
from typing import Final

from checks.host import CannotLook, Host, RegistryKey, attempt
from checks.layers import Layer
from checks.software.facts import Control, Starting, Strength
from checks.unseen import Maybe, Unseen
from checks.windows import WINDOWS_NT, flag, hive, mdm, number, only, people, row_number, text

_POLICIES: Final = r"SOFTWARE\Policies\Microsoft\Windows"
_APPLOCKER: Final = rf"{_POLICIES}\SrpV2\Exe"
_APPLOCKER_MDM: Final = r"C:\Windows\System32\AppLocker\MDM"
_APPID: Final = r"SYSTEM\CurrentControlSet\Services\AppIDSvc"
_INTEGRITY: Final = r"SYSTEM\CurrentControlSet\Control\CI\Policy"
_RESTRICTION: Final = rf"{_POLICIES}\Safer\CodeIdentifiers"
_EXPLORER: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer"
_INSTALLER: Final = rf"{_POLICIES}\Installer"
_DISABLED: Final = 4
_MOST_RULES: Final = 1_000
_EVERYONE: Final = re.compile(r'UserOrGroupSid="(?:S-1-1-0|S-1-5-11|S-1-5-32-545)"')
"""Everyone, whoever has signed in, and the group Users."""
_ALLOWS: Final = re.compile(r'Action="Allow"')
_ANYTHING: Final = re.compile(r'<Conditions>\s*<FilePathCondition Path="\*"\s*/>(?!.*<Exceptions>)')
_NO_RESTRICTION_FROM: Final = 22_621
_STATUS: Final = "UsermodeCodeIntegrityPolicyEnforcementStatus"
_STATUSES: Final[dict[int | None, Strength]] = {2: "enforcing", 1: "watching", 0: "off"}
_SHELL: Final[dict[str, Strength]] = {
    "block": "enforcing",
    "requireadmin": "enforcing",
    "warn": "asks",
    "prompt": "asks",
    "off": "off",
}
_RANK: Final[tuple[Strength, ...]] = ("enforcing", "asks", "watching", "off")

Told = tuple[Strength, Layer]


def starting(host: Host) -> list[Starting]:
    """Each control, those that enforce first."""
    found = [
        _one("app-control", attempt(_app_control, host)),
        _one("applocker", attempt(_applocker, host)),
        _one("s-mode", attempt(_integrity, host, "SkuPolicyRequired")),
        _one("smart-app-control", attempt(_integrity, host, "VerifiedAndReputablePolicyState")),
        _one("software-restriction", attempt(_restriction, host)),
        _one("smartscreen", attempt(_smartscreen, host)),
    ]
    return sorted(found, key=_rank)


def _one(control: Control, told: Maybe[Told]) -> Starting:
    if isinstance(told, Unseen):
        return Starting(control, told, told)
    return Starting(control, *told)


def _rank(one: Starting) -> int:
    return len(_RANK) if isinstance(one.strength, Unseen) else _RANK.index(one.strength)


def _app_control(host: Host) -> Told:
    rows = host.wmi("Win32_DeviceGuard", "root/Microsoft/Windows/DeviceGuard", [_STATUS])
    strength = _STATUSES.get(row_number(only(rows), _STATUS))
    if strength is None:
        raise CannotLook("parse-error", _STATUS)
    return strength, "default" if strength == "off" else "local-policy"


def _applocker(host: Host) -> Told:
    rules = host.registry("HKLM", _APPLOCKER)
    if rules is None or not rules.subkeys:
        if host.list(_APPLOCKER_MDM):
            raise CannotLook("unsupported", "AppLocker by MDM")
        return "off", "default"
    if number(host.registry("HKLM", _APPID), "Start") == _DISABLED:
        return "off", "group-policy"
    if number(rules, "EnforcementMode") == 0:
        return "watching", "group-policy"
    return "off" if _lets_all(host, rules) else "enforcing", "group-policy"


def _lets_all(host: Host, rules: RegistryKey) -> bool:
    """Whether some rule lets everyone start anything from anywhere. Raises CannotLook."""
    if len(rules.subkeys) > _MOST_RULES:
        raise CannotLook("too-large", "AppLocker's rules")
    told = (
        text(host.registry("HKLM", rf"{_APPLOCKER}\{name}"), "Value") or ""
        for name in rules.subkeys
    )
    return any(
        _EVERYONE.search(rule) and _ALLOWS.search(rule) and _ANYTHING.search(rule) for rule in told
    )


def _integrity(host: Host, name: str) -> Told:
    """S mode and Smart App Control; 2 of the latter is its time of trial, which stops nothing."""
    value = number(host.registry("HKLM", _INTEGRITY), name)
    if value == 1:
        return "enforcing", "local-policy"
    return "watching" if value == 2 else "off", "default"


def _restriction(host: Host) -> Told:
    level = number(host.registry("HKLM", _RESTRICTION), "DefaultLevel")
    if level != 0:
        return "off", "default"
    build = number(host.registry("HKLM", WINDOWS_NT), "CurrentBuildNumber")
    if build is None:
        raise CannotLook("parse-error", "CurrentBuildNumber")
    return "off" if build >= _NO_RESTRICTION_FROM else "enforcing", "group-policy"


def _smartscreen(host: Host) -> Told:
    policy = host.registry("HKLM", rf"{_POLICIES}\System")
    wanted = flag(policy, "EnableSmartScreen")
    if wanted is not None:
        level = (text(policy, "ShellSmartScreenLevel") or "warn").lower()
        return _SHELL.get(level, "asks") if wanted else "off", "group-policy"
    asked = mdm(host, "SmartScreen")
    shell = number(asked, "EnableSmartScreenInShell")
    if shell is not None:
        strict = flag(asked, "PreventOverrideForFilesInShell") is True
        return ("enforcing" if strict else "asks") if shell else "off", "mdm"
    own = text(host.registry("HKLM", _EXPLORER), "SmartScreenEnabled")
    if own is None:
        return "asks", "default"
    return _SHELL.get(own.lower(), "asks"), "local-policy"


def installs_elevated(host: Host) -> bool:
    """Whether any account here may install whatever it likes. Raises CannotLook."""
    if not flag(host.registry("HKLM", _INSTALLER), "AlwaysInstallElevated"):
        return False
    hives = [hive(host, user) for user in people(host)]
    keys = [
        host.registry("HKU", rf"{sid}\{_INSTALLER}") for sid in hives if not isinstance(sid, Unseen)
    ]
    if any(flag(key, "AlwaysInstallElevated") for key in keys):
        return True
    if any(isinstance(sid, Unseen) for sid in hives):
        raise CannotLook("deferred", "an account is not signed in")
    return False
