r"""Windows: what is asked of passwords and PINs, and when an account shuts.

- `secedit /export /areas SECURITYPOLICY` writes the policy in force for local accounts, from
  whatever layer, in no language; it can only write into a file, so it writes one into
  %SystemRoot%\security, where only administrators may, and leaves it there (it holds no secret).
  Needs an administrator. Settings that are not defined are left out: nothing is asked.
- Who set it: `PolicyManager\current\device\DeviceLock` (MDM); else RSOP's record of what Group
  Policy set (`RSOP_SecuritySettingNumeric` in root/rsop/computer, kept on members of a domain).
- PINs: the credential provider of Windows Hello keeps, for each SID, whether it has one
  (`LogonCredsAvailable`); the fewest digits stand in `PassportForWork\PINComplexity`, of Group
  Policy or of a tenant of Intune. Windows' own least is 4.
- A second factor always: `scforceoption` (only smart cards sign in). Hello replaces a password and
  does not forbid it.
"""

from typing import Final

import msgspec

from checks.accounts.windows_people import HELPERS, Local, seen
from checks.formats import secedit
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.layers import Layer
from checks.unseen import Maybe, Unseen, known
from checks.windows import POLICIES, WINDOWS_NT, flag, mdm, number, row_text, text

PIN_PROVIDER: Final = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Authentication\Credential Providers"
    r"\{D6886603-9D2F-4EB2-B667-1971041FA96B}"
)
PIN_LEAST: Final = 4
PASSPORT: Final = r"SOFTWARE\Policies\Microsoft\PassportForWork\PINComplexity"
TENANTS: Final = r"SOFTWARE\Microsoft\Policies\PassportForWork"
EXPORT: Final = r"security\caretaker-policy.inf"
_MINUTE: Final = 60

Policy = Maybe[dict[str, int | str]]
"""`[System Access]` of the export: name → value."""


class Asked(msgspec.Struct):
    """What a new password must have."""

    by: Maybe[Layer | None]
    min_length: Maybe[int | None]


def local_policy(host: Host) -> dict[str, int | str]:
    """The policy in force for accounts of this computer. Raises CannotLook."""
    if not host.privileged:
        raise CannotLook("denied", "secedit")
    folder = text(host.registry("HKLM", WINDOWS_NT), "SystemRoot") or r"C:\Windows"
    path = rf"{folder}\{EXPORT}"
    ran = host.run(["secedit.exe", "/export", "/areas", "SECURITYPOLICY", "/cfg", path, "/quiet"])
    if ran.code != 0:
        raise CannotLook("denied", f"secedit exited {ran.code}")
    data = host.read(path)
    if data is None:
        raise CannotLook("parse-error", "secedit wrote nothing")
    try:
        return secedit.parse(data).system_access
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _number(policy: Policy, name: str) -> int | None:
    """A setting; None: it is not defined. Raises CannotLook."""
    if isinstance(policy, Unseen):
        raise CannotLook(policy.unseen)
    value = known(policy).get(name)
    if value is None or isinstance(value, int):
        return value
    raise CannotLook("parse-error", name)


def read_passwords(host: Host, policy: Policy) -> Asked:
    """The shortest length, and who set it."""
    try:
        length = _number(policy, "MinimumPasswordLength")
    except CannotLook as blind:
        return Asked(*(Unseen(blind.reason),) * 2)
    try:
        return Asked(_layer(host, length), length)
    except CannotLook:
        return Asked(None, length)


def _layer(host: Host, length: int | None) -> Layer:
    if not length:
        return "default"
    if number(mdm(host, "DeviceLock"), "MinDevicePasswordLength") is not None:
        return "mdm"
    rows = host.wmi("RSOP_SecuritySettingNumeric", "root/rsop/computer", ["KeyName", "precedence"])
    asked = any(row_text(row, "KeyName") == "MinimumPasswordLength" for row in rows)
    return "group-policy" if asked else "local-policy"


def max_age_days(policy: Policy, local: Local) -> int | None:
    """Days after which somebody must change a password: only accounts whose password ages."""
    days = _number(policy, "MaximumPasswordAge")
    if days is None or days <= 0:
        return None
    accounts = [one for one in seen(local) if one.enabled and one.rid not in HELPERS]
    if any(one.expires is None for one in accounts):
        raise CannotLook("unsupported", "PasswordExpires")
    return days if any(one.expires for one in accounts) else None


def lockout_attempts(policy: Policy) -> int | None:
    """Wrong passwords until an account shuts; 0: never."""
    return _number(policy, "LockoutBadCount")


def lockout_window(policy: Policy) -> int | None:
    """Seconds after which wrong passwords are forgotten; minutes in the policy."""
    minutes = _number(policy, "ResetLockoutCount")
    return None if minutes is None else max(0, minutes) * _MINUTE


def lockout_seconds(policy: Policy) -> int | None:
    """Seconds an account stays shut; 0 (-1 in the policy): until an administrator opens it."""
    minutes = _number(policy, "LockoutDuration")
    return None if minutes is None else max(0, minutes) * _MINUTE


def second_factor(host: Host) -> bool:
    """Whether only smart cards sign in."""
    return bool(flag(host.registry("HKLM", rf"{POLICIES}\System"), "scforceoption"))


def pin_min_length(host: Host) -> int | None:
    """The fewest digits of a PIN; None: nobody has one here. Raises CannotLook."""
    provider = host.registry("HKLM", PIN_PROVIDER)
    sids = [] if provider is None else [s for s in provider.subkeys if s.upper().startswith("S-1-")]
    pins = [
        flag(host.registry("HKLM", rf"{PIN_PROVIDER}\{s}"), "LogonCredsAvailable") for s in sids
    ]
    if not any(pins):
        return None
    length = number(host.registry("HKLM", PASSPORT), "MinimumPINLength")
    if length is None:
        length = _of_tenants(host)
    return PIN_LEAST if length is None else length


def _of_tenants(host: Host) -> int | None:
    """What Intune asks of PINs; the least, where several tenants ask."""
    top = host.registry("HKLM", TENANTS)
    keys = [
        host.registry("HKLM", rf"{TENANTS}\{tenant}\Device\Policies\PINComplexity")
        for tenant in ([] if top is None else top.subkeys)
    ]
    asked = [number(key, "MinimumPINLength") for key in keys]
    return min((one for one in asked if one is not None), default=None)
