"""macOS: which release, and whether it installs updates by itself. What waits: `macos_updates`.

- Release: `sw_vers`, which never pretends to be 10.16 as the file it reads does to old programs.
  Apple dates no ends; the major number decides (10.x: the first two).
- Updates by themselves: com.apple.SoftwareUpdate, a profile's before the Mac's. Looking for them
  (`AutomaticCheckEnabled`) and fetching them (`AutomaticDownload`) are on where nothing stands; for
  installing (`AutomaticallyInstallMacOSUpdates`) the default differs between releases, so nothing
  there is unseen. `CriticalUpdateInstall` is not asked: it installs data and quick responses, not
  the updates that most fixes come in.
- A manager's declarations (macOS 14 and newer) stand in a file of their own; 1 is "always on". Its
  other numbers are documented nowhere, so they are unseen.
- A profile that switches installing off comes from a manager that may install by command, which
  nobody can see here: then who manages is unseen.
Never run on macOS: written after Apple's documentation, the macOS security compliance project and
public readers of these files.
"""

import re
from typing import Final, Literal

from checks.host import CannotLook, Host, attempt, output
from checks.layers import Layer
from checks.macos import Settings, deciding, flag, managed, number, of_mac, settings, text
from checks.operating_system import macos_updates
from checks.operating_system.facts import Automatic, OperatingSystemFacts, OperatingSystemNow
from checks.operating_system.macos_updates import DOMAIN, Release, numbers
from checks.unseen import Maybe, Unseen

_SYSCTL: Final = "/usr/sbin/sysctl"
_DECLARED: Final = "/private/var/db/softwareupdate/SoftwareUpdateDDMStatePersistence.plist"
_ALWAYS_ON: Final = 1
_HOLDS_BACK: Final = ("forceDelayedSoftwareUpdates", "forceDelayedMinorSoftwareUpdates")
_HELD_BACK_DAYS: Final = (
    "enforcedSoftwareUpdateMinorOSDeferredInstallDelay",
    "enforcedSoftwareUpdateDelay",
)
_UNSAID_DAYS: Final = 30
_VERSION: Final = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,3}")


def read(host: Host) -> OperatingSystemFacts:
    """Which macOS this is, and whether it updates itself."""
    release = _release(host)
    automatic = attempt(_automatic, host)
    shown = f"{release.version} {release.extra}".strip()
    return OperatingSystemFacts(
        product="macos",
        name=f"macOS {shown}",
        release=release.major,
        point=shown,
        build=None,
        edition=None,
        support_end=None,
        extended=[],
        kernel=attempt(_kernel, host),
        architecture=attempt(_architecture, host),
        automatic=automatic if isinstance(automatic, Unseen) else [automatic],
        managed_by=attempt(_managed_by, host, release, automatic),
    )


def read_now(host: Host) -> OperatingSystemNow:
    """What waits to be installed and what was."""
    return macos_updates.read(host, attempt(_release, host), attempt(_held_back_days, host))


def _release(host: Host) -> Release:
    rows = {
        name.strip(): value.strip()
        for name, colon, value in (
            line.partition(":") for line in output(host, ["/usr/bin/sw_vers"]).splitlines()
        )
        if colon
    }
    version, build = rows.get("ProductVersion", ""), rows.get("BuildVersion", "")
    if not _VERSION.fullmatch(version) or not build:
        raise CannotLook("parse-error", "sw_vers")
    return Release(version, build, rows.get("ProductVersionExtra", "")[:20])


def _sysctl(host: Host, *names: str) -> dict[str, str]:
    """Values by name; names this Mac does not have are left out (and make it exit with 1)."""
    out = host.run([_SYSCTL, *names]).out.decode("utf-8", "replace")
    pairs = (line.split(": ", 1) for line in out.splitlines() if ": " in line)
    return {name: value.strip() for name, value in pairs}


def _kernel(host: Host) -> str:
    return _of(_sysctl(host, "kern.osrelease"), "kern.osrelease")


def _architecture(host: Host) -> str:
    """The chip's own: a program translated for Apple's chips is told the old one."""
    rows = _sysctl(host, "hw.machine", "hw.optional.arm64")
    return "arm64" if rows.get("hw.optional.arm64") == "1" else _of(rows, "hw.machine")


def _of(rows: dict[str, str], name: str) -> str:
    if not rows.get(name):
        raise CannotLook("parse-error", name)
    return rows[name][:60]


def _automatic(host: Host) -> Automatic:
    """Software Update as it is in force."""
    layers = of_mac(host, DOMAIN)

    def says(key: str) -> tuple[bool | None, Layer]:
        held = deciding(layers, key)
        return (None, "default") if held is None else (flag(held.settings, key), held.by)

    looks, by_look = says("AutomaticCheckEnabled")
    fetches, by_fetch = says("AutomaticDownload")
    installs, by_install = says("AutomaticallyInstallMacOSUpdates")
    declared = _declared(host)
    order = declared.get("automaticallyInstallOSUpdates")
    if order is not None:
        sure: Maybe[bool] = True if order == _ALWAYS_ON else Unseen("unsupported")
        return Automatic("macos", runs=sure, installs=sure, decided_by="mdm")
    if looks is False:
        return Automatic("macos", runs=False, installs=False, decided_by=by_look)
    if fetches is False:
        return Automatic("macos", runs=True, installs=False, decided_by=by_fetch)
    known = Unseen("unsupported") if installs is None else installs
    return Automatic("macos", runs=True, installs=known, decided_by=by_install)


def _declared(host: Host) -> Settings:
    """What a manager declared about updates; empty where none did. Raises CannotLook."""
    return _below(_state(host), "SUCoreDDMDeclarationGlobalSettings")


def _held_back_days(host: Host) -> int:
    """For how long a manager hides updates that are out, in days. Raises CannotLook."""
    asked = managed(host, "com.apple.applicationaccess")
    days = [number(_declared(host), "minorOSDeferralPeriod") or 0]
    if any(flag(asked, key) for key in _HOLDS_BACK):
        said = [number(asked, key) for key in _HELD_BACK_DAYS]
        days.append(next((one for one in said if one is not None), _UNSAID_DAYS))
    return max(days)


def _state(host: Host) -> Settings:
    return _below(settings(host, _DECLARED), "SUCorePersistedStatePolicyFields")


def _below(found: Settings, key: str) -> Settings:
    inner = found.get(key, {})
    if not isinstance(inner, dict):
        raise CannotLook("parse-error", key)
    return inner


def _managed_by(
    host: Host, release: Release, automatic: Automatic | Unseen
) -> Literal["mdm"] | None:
    """A manager that declared which release there has to be, newer than this one."""
    for one in _below(_state(host), "Declarations").values():
        wanted = text(one, "TargetOSVersion") if isinstance(one, dict) else None
        if wanted is not None and numbers(wanted) > numbers(release.version):
            return "mdm"
    if isinstance(automatic, Unseen):
        raise CannotLook(automatic.unseen)
    if automatic.decided_by == "mdm" and automatic.installs is False:
        raise CannotLook("unsupported", "a manager may install by command")
    return None
