r"""Windows: what an administrator lets be done with each kind of media, and what starts by itself.

Each kind is judged by the strictest of:
- `Policies\Microsoft\Windows\RemovableStorageDevices`: `Deny_All`, and `Deny_Read` with
  `Deny_Write` below a class of devices (in force after a restart or a new plug). `Deny_Write` alone
  is read-only, `Deny_Read` alone stops no data from leaving. MDM's own way to read-only is
  `Storage\RemovableDiskDenyWriteAccess`.
- drivers: `Start` 4 of `USBSTOR` and `UASPStor` (both, or newer drives still come in), `cdrom`,
  `sdstor`; `StorageDevicePolicies\WriteProtect`.
- `DeviceInstall\Restrictions`: `DenyRemovableDevices`, `DenyUnspecified` or a denied class: only
  named devices can be installed (an allowed class names all of its kind); what was installed
  before stays usable unless `DenyDeviceClassesRetroactive` says otherwise.
- Defender's Device Control: `DeviceControlEnabled` with `DefaultEnforcement` 2 (deny); its rules
  are not read, so with another default nobody here can tell.
Autoplay: `NoDriveTypeAutoRun` 0xFF is off for all drives, the machine's before the account's;
`NoAutorun` 1 means that a disc's own commands are not run, 2 that they are run unasked; else the
account's `DisableAutoplay`.
An account that is not signed in is not asked, unless nobody is.
"""

from collections.abc import Iterator
from typing import Final, Literal

from checks.host import CannotLook, Host, RegistryKey, User, attempt
from checks.layers import Layer
from checks.removable_media.facts import Autorun, Kind, Rule
from checks.unseen import Unseen
from checks.windows import NOT_LOADED, POLICIES, flag, hive, mdm, number, people, texts

_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_STORAGE: Final = r"SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices"
_INSTALL: Final = r"SOFTWARE\Policies\Microsoft\Windows\DeviceInstall\Restrictions"
_DEFENDER: Final = r"SOFTWARE\Policies\Microsoft\Windows Defender"
_FVE: Final = (
    r"SYSTEM\CurrentControlSet\Policies\Microsoft\FVE",
    r"SOFTWARE\Policies\Microsoft\FVE",
)
_DISKS: Final = "{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}"
_CLASSES: Final[dict[Kind, tuple[str, ...]]] = {
    "usb-storage": (_DISKS,),
    "sd": (_DISKS,),
    "optical": ("{53f56308-b6bf-11d0-94f2-00a0c91efb8b}",),
    "phone": (
        "{6AC27878-A6FA-4155-BA85-F98F491D4F33}",
        "{F33FDC04-D1AC-4E8E-9A30-19BBD4B108AE}",
    ),
}
_DRIVERS: Final[dict[Kind, tuple[str, ...]]] = {
    "usb-storage": ("USBSTOR", "UASPStor"),
    "sd": ("sdstor",),
    "optical": ("cdrom",),
}
_SETUP: Final[dict[Kind, str]] = {
    "usb-storage": "{4d36e967-e325-11ce-bfc1-08002be10318}",
    "sd": "{4d36e967-e325-11ce-bfc1-08002be10318}",
    "optical": "{4d36e965-e325-11ce-bfc1-08002be10318}",
    "phone": "{eec5ad98-8080-425f-922a-dabf3de3f69a}",
}
"""Classes of device set-up."""
_OWN_WAY: Final = ("RTSPER", "RTSUER")
"""Drivers of card readers that do without Windows' own driver for cards."""
_READERS: Final = ("sdbus", *_OWN_WAY)
_DISABLED, _ALL_DRIVES, _DENY, _NO_COMMANDS = 4, 0xFF, 2, 1

Use = Literal["allow", "read-only", "approved", "deny"]
_STRICT: Final[tuple[Use, ...]] = ("deny", "approved", "read-only", "allow")
Told = tuple[Use, Layer]


def kinds(host: Host) -> list[Kind]:
    """What the machine has a socket or drive for. Raises CannotLook."""
    usb = host.registry("HKLM", r"SYSTEM\CurrentControlSet\Enum\USB")
    found: list[Kind] = ["usb-storage", "phone"] if usb is not None and usb.subkeys else []
    if any(_counts(host, driver) for driver in _READERS):
        found.append("sd")
    return [*found, "optical"] if _counts(host, "cdrom") else found


def _counts(host: Host, driver: str) -> bool:
    return (number(host.registry("HKLM", rf"{_SERVICES}\{driver}\Enum"), "Count") or 0) > 0


def rules(host: Host, kinds: list[Kind]) -> list[Rule]:
    """One for each kind; a part nobody could look at leaves it unseen unless it is denied."""
    return [_rule(host, kind) for kind in kinds]


def _rule(host: Host, kind: Kind) -> Rule:
    asked = (_by_storage, _by_driver, _by_install, _by_defender)
    found = [attempt(one, host, kind) for one in asked]
    seen = [told for told in found if not isinstance(told, Unseen)]
    use, by = min(seen, key=lambda told: _STRICT.index(told[0]), default=("allow", "default"))
    blind = [told for told in found if isinstance(told, Unseen)]
    if blind and use not in ("deny", "approved"):
        return Rule(kind, blind[0], blind[0])
    return Rule(kind, use, by)


def _by_storage(host: Host, kind: Kind) -> Told:
    if flag(host.registry("HKLM", _STORAGE), "Deny_All"):
        return "deny", "group-policy"
    keys = [host.registry("HKLM", rf"{_STORAGE}\{name}") for name in _CLASSES[kind]]
    written = all(flag(key, "Deny_Write") for key in keys)
    if written and all(flag(key, "Deny_Read") for key in keys):
        return "deny", "group-policy"
    if written:
        return "read-only", "group-policy"
    if kind in ("usb-storage", "sd") and flag(mdm(host, "Storage"), "RemovableDiskDenyWriteAccess"):
        return "read-only", "mdm"
    return "allow", "default"


def _by_driver(host: Host, kind: Kind) -> Told:
    drivers = [host.registry("HKLM", rf"{_SERVICES}\{name}") for name in _DRIVERS.get(kind, ())]
    there = [key for key in drivers if key is not None]
    if there and all(number(key, "Start") == _DISABLED for key in there):
        around = kind == "sd" and any(_counts(host, driver) for driver in _OWN_WAY)
        return ("allow", "default") if around else ("deny", "local-policy")
    if kind == "usb-storage":
        place = r"SYSTEM\CurrentControlSet\Control\StorageDevicePolicies"
        if flag(host.registry("HKLM", place), "WriteProtect"):
            return "read-only", "local-policy"
    return "allow", "default"


def _by_install(host: Host, kind: Kind) -> Told:
    key = host.registry("HKLM", _INSTALL)
    denied = _lists(host, key, "DenyDeviceClasses", kind)
    if kind != "optical":
        named = flag(key, "DenyUnspecified") and not _lists(host, key, "AllowDeviceClasses", kind)
        denied = denied or bool(named or flag(key, "DenyRemovableDevices"))
    return ("approved", "group-policy") if denied else ("allow", "default")


def _lists(host: Host, key: RegistryKey | None, name: str, kind: Kind) -> bool:
    """Whether a list of classes is in force and names the class of this kind of media."""
    if not flag(key, name):
        return False
    listed = host.registry("HKLM", rf"{_INSTALL}\{name}")
    names = [] if listed is None else list(listed.values)
    return _SETUP[kind] in {one.lower() for each in names for one in texts(listed, each) or []}


def _by_defender(host: Host, kind: Kind) -> Told:
    """Its rules cover every kind alike."""
    del kind
    if not flag(host.registry("HKLM", rf"{_DEFENDER}\Features"), "DeviceControlEnabled"):
        return "allow", "default"
    place = rf"{_DEFENDER}\Device Control"
    if number(host.registry("HKLM", place), "DefaultEnforcement") == _DENY:
        return "approved", "group-policy"
    raise CannotLook("unsupported", "rules of Device Control")


def only_encrypted(host: Host) -> bool:
    """Whether drives without BitLocker can only be read: Windows' own place for it comes before
    the one that others write. Raises CannotLook."""
    asked = (flag(host.registry("HKLM", key), "RDVDenyWriteAccess") for key in _FVE)
    return next((wish for wish in asked if wish is not None), False)


def autorun(host: Host) -> list[Autorun]:
    """What starts by itself, for each account that is signed in. Raises CannotLook."""
    machine = host.registry("HKLM", rf"{POLICIES}\Explorer")
    mask = number(machine, "NoDriveTypeAutoRun")
    commands = number(machine, "NoAutorun")
    users = people(host)
    if mask is not None and commands is not None:
        starts = mask & _ALL_DRIVES != _ALL_DRIVES
        found = [Autorun("", "windows", starts, False, commands != _NO_COMMANDS)]
        return found if users else []
    own = list(_accounts(host, users, mask, commands))
    if users and not own:
        return [Autorun(u.alias, "windows", NOT_LOADED, NOT_LOADED, NOT_LOADED) for u in users]
    return own


def _accounts(
    host: Host, users: list[User], mask: int | None, commands: int | None
) -> Iterator[Autorun]:
    for user in users:
        sid = hive(host, user)
        if isinstance(sid, Unseen):
            continue
        policy = host.registry("HKU", rf"{sid}\{POLICIES}\Explorer")
        drives = number(policy, "NoDriveTypeAutoRun") if mask is None else mask
        quiet = number(policy, "NoAutorun") if commands is None else commands
        runs = quiet != _NO_COMMANDS
        if drives is not None and drives & _ALL_DRIVES == _ALL_DRIVES:
            yield Autorun(user.alias, "windows", False, False, runs)
            continue
        place = r"Software\Microsoft\Windows\CurrentVersion\Explorer\AutoplayHandlers"
        own = flag(host.registry("HKU", rf"{sid}\{place}"), "DisableAutoplay") is True
        yield Autorun(user.alias, "windows", not own, True, runs)
