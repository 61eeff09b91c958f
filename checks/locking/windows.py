r"""Windows locking: the inactivity limit, each account's screen saver, waking up, sessions now.

For the whole machine: `InactivityTimeoutSecs` in `…\CurrentVersion\Policies\System` (Group Policy's
security options; MDM writes it too and then says so in PolicyManager), and MDM's own
`DeviceLock\MaxInactivityTimeDeviceLock` in minutes, which holds only while `DevicePasswordEnabled`
is 0 (0 is "enabled" there). 0 or nothing is no limit. The grace after a screen saver in `Winlogon`
(5 seconds where nothing stands). Waking: `ACSettingIndex` and `DCSettingIndex` of the console-lock
setting in the policy's key, else in the power scheme in use; nothing there is "ask".
For an account: four texts under `Control Panel\Desktop`, those of the policy before its own. No
`SCRNSAVE.EXE` is no screen saver, whatever `ScreenSaveActive` says. An account's own settings can
only be read while it is signed in. `DisableLockWorkstation` 1, the account's or the machine's,
switches all of it off. See `windows_sessions` for who is.
No Windows machine was at hand: written from Microsoft's documentation and public readers of it.
"""

import re
from typing import Final

import msgspec

from checks.host import CannotLook, Host, RegistryKey, User, attempt
from checks.layers import LOOSE, Decided, Layer, decide
from checks.locking.facts import LockingFacts, LockingNow, Rule
from checks.locking.windows_sessions import sessions
from checks.unseen import Maybe, Unseen
from checks.windows import (
    NOT_LOADED,
    POLICIES,
    WINDOWS_NT,
    flag,
    hive,
    mdm,
    number,
    people,
    text,
)

_DESKTOP: Final = r"Control Panel\Desktop"
_DESKTOP_POLICY: Final = rf"Software\Policies\Microsoft\Windows\{_DESKTOP}"
_LOCKDOWN: Final = rf"{POLICIES}\System"
_SHUT: Final = "DisableLockWorkstation"
_CONSOLE_LOCK: Final = "0e796bdb-100d-47d6-a2d5-f7d2daa51f51"
_WAKE_POLICY: Final = rf"SOFTWARE\Policies\Microsoft\Power\PowerSettings\{_CONSOLE_LOCK}"
_SCHEMES: Final = r"SYSTEM\CurrentControlSet\Control\Power\User\PowerSchemes"
_GUID: Final = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")

GRACE_SECONDS: Final = 5
"""What Windows gives after a screen saver begins where nobody set it."""
SAVER_SECONDS: Final = 900
"""What Windows waits for a screen saver where nobody set it (documented with the policy)."""
NEVER: Final = 0xFFFFFFFF
"""`DelayLockInterval`: waking up never asks."""


def read(host: Host) -> LockingFacts:
    """The rules in force for every person's account, and for the whole machine."""
    limit = attempt(_machine, host)
    rules = attempt(_rules, host)
    if isinstance(limit, Unseen):
        return LockingFacts(rules, limit, limit)
    if limit is None:
        return LockingFacts(rules, None, None)
    return LockingFacts(rules, limit.value, limit.by)


def read_now(host: Host) -> LockingNow:
    """Who is signed in at a screen now, and whether it is locked."""
    return LockingNow(sessions=attempt(sessions, host))


def _machine(host: Host) -> Decided | None:
    """The shorter of the two limits on the whole machine; none where locking is switched off."""
    system = host.registry("HKLM", rf"{POLICIES}\System")
    if flag(system, _SHUT):
        return None
    options = mdm(host, "LocalPoliciesSecurityOptions")
    by: Layer = (
        "mdm" if number(options, "InteractiveLogon_MachineInactivityLimit") else ("group-policy")
    )
    device = mdm(host, "DeviceLock")
    asks = number(device, "DevicePasswordEnabled") == 0
    minutes = number(device, "MaxInactivityTimeDeviceLock") if asks else None
    limits = [
        Decided(number(system, "InactivityTimeoutSecs") or 0, by),
        Decided((minutes or 0) * 60, "mdm"),
    ]
    return min(
        (limit for limit in limits if limit.value > 0), key=lambda one: one.value, default=None
    )


class _Everybody(msgspec.Struct, frozen=True):
    """What holds for every account alike."""

    grace: Maybe[int]
    on_resume: Maybe[bool]
    possible: Maybe[bool]


def _rules(host: Host) -> list[Rule]:
    everybody = _Everybody(attempt(_grace, host), attempt(_wake, host), attempt(_possible, host))
    return [_rule(host, user, everybody) for user in people(host)]


def _possible(host: Host) -> bool:
    return not flag(host.registry("HKLM", rf"{POLICIES}\System"), _SHUT)


def _grace(host: Host) -> int:
    winlogon = host.registry("HKLM", rf"{WINDOWS_NT}\Winlogon")
    grace = number(winlogon, "ScreenSaverGracePeriod")
    return GRACE_SECONDS if grace is None else max(0, grace)


def _wake(host: Host) -> bool:
    """Whether waking asks on mains and on battery."""
    policy = host.registry("HKLM", _WAKE_POLICY)
    scheme = None
    asked = [flag(policy, name) for name in ("ACSettingIndex", "DCSettingIndex")]
    if None in asked:
        scheme = _scheme(host)
    own = [flag(scheme, name) for name in ("ACSettingIndex", "DCSettingIndex")]
    return all(
        wish if wish is not None else here is not False
        for wish, here in zip(asked, own, strict=True)
    )


def _scheme(host: Host) -> RegistryKey | None:
    """The console-lock setting of the power scheme in use; it belongs to no group of settings, so
    it stands right below the scheme, once somebody changed it."""
    chosen = text(host.registry("HKLM", _SCHEMES), "ActivePowerScheme")
    guid = _GUID.fullmatch(chosen or "")  # there is always one in use
    if guid is None:
        raise CannotLook("parse-error", "ActivePowerScheme")
    return host.registry("HKLM", rf"{_SCHEMES}\{guid[1]}\{_CONSOLE_LOCK}")


def _rule(host: Host, user: User, everybody: _Everybody) -> Rule:
    rule = attempt(_own, host, user, everybody)
    return _unseen(user, everybody, rule) if isinstance(rule, Unseen) else rule


def _unseen(user: User, everybody: _Everybody, why: Unseen, *, loaded: bool = True) -> Rule:
    """Of an account that is not signed in only what a judge asks for: there may be a hundred."""
    rule = Rule(
        user=user.alias,
        locker="windows",
        idle_seconds=why,
        locks=why,
        grace_seconds=everybody.grace,
        on_resume=everybody.on_resume,
        changeable=why,
        loaded=loaded,
    )
    if not loaded:
        return rule
    return msgspec.structs.replace(rule, decided_by=why, possible=why, wake_grace_seconds=why)


def _own(host: Host, user: User, everybody: _Everybody) -> Rule:
    sid = hive(host, user)
    if isinstance(sid, Unseen):
        return _unseen(user, everybody, NOT_LOADED, loaded=False)
    policy = host.registry("HKU", rf"{sid}\{_DESKTOP_POLICY}")
    own = host.registry("HKU", rf"{sid}\{_DESKTOP}")
    lockdown = host.registry("HKU", rf"{sid}\{_LOCKDOWN}")

    def said(name: str, default: int) -> Decided:
        return decide(
            default, [("group-policy", number(policy, name)), ("user", number(own, name))]
        )

    active, wait = said("ScreenSaveActive", 1), said("ScreenSaveTimeOut", SAVER_SECONDS)
    secure = said("ScreenSaverIsSecure", 0)
    program = text(policy, "SCRNSAVE.EXE")
    by_policy: Layer = "group-policy" if program else "user"
    runs = active.value != 0 and (program or text(own, "SCRNSAVE.EXE")) is not None
    possible = False if flag(lockdown, _SHUT) else everybody.possible
    delay = number(own, "DelayLockInterval") or 0
    return Rule(
        user=user.alias,
        locker="windows",
        idle_seconds=max(0, wait.value) if runs else 0,
        locks=possible is not False and (secure.value != 0 or not runs),
        grace_seconds=everybody.grace,
        on_resume=False if delay == NEVER else everybody.on_resume,
        changeable=not LOOSE.isdisjoint({active.by, wait.by, secure.by, by_policy}),
        decided_by=wait.by,
        possible=possible,
        wake_grace_seconds=0 if delay == NEVER else max(0, delay),
    )
