"""XProtect, the antivirus that is part of macOS.

It looks at a program when it starts for the first time or has changed, and now and then at the
disk; what is merely opened it does not look at, so it is never more than `programs-only`.

- macOS 15 and later: `xprotect status` (both scans on) and `xprotect version` (the rules in use,
  and when this Mac got them). Trap: to programs that are not root, `status` was seen to call
  switched off what nobody had switched off, so only root's "disabled" counts.
- Before: jobs of `launchctl list`, which shows the system's to root only; the rules' number in
  their bundle, and when it came by InstallHistory.plist, else by the bundle's own date.
- Whether new rules come: `ConfigDataInstall` and `CriticalUpdateInstall` of Software Update,
  profile before own setting; by itself macOS fetches them.
It keeps no record of its scans that could be read, and reports to nobody.
"""

from typing import Final

from checks import macos
from checks.antivirus.facts import Freshness, Product, Realtime
from checks.antivirus.products import Known
from checks.formats import xprotect
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, Ran, attempt
from checks.unseen import Maybe, Unseen

BLIND: Final = Unseen("unsupported")
_TOOL: Final = "/usr/bin/xprotect"
_CORE: Final = "System/Library/CoreServices"
_BUNDLES: Final = (f"/Library/Apple/{_CORE}/XProtect.bundle", f"/{_CORE}/XProtect.bundle")
_REMEDIATOR: Final = f"/Library/Apple/{_CORE}/XProtect.app/Contents/Info.plist"
_PART: Final = "Contents/Info.plist"
_HISTORY: Final = "/Library/Receipts/InstallHistory.plist"
_PACKAGE: Final = "XProtectPlistConfigData"
_JOBS: Final = ("com.apple.XprotectFramework.PluginService", "com.apple.XProtect.daemon.scan")
_UPDATES: Final = "com.apple.SoftwareUpdate"
_FETCHING: Final = ("AutomaticCheckEnabled", "ConfigDataInstall", "CriticalUpdateInstall")


def product(host: Host, name: str, known: Known) -> Product:
    """What is switched on of it."""
    scans = attempt(_scans, host)
    running: Maybe[bool]
    realtime: Maybe[Realtime]
    whole: Maybe[bool]
    running = realtime = whole = scans if isinstance(scans, Unseen) else BLIND
    if not isinstance(scans, Unseen):
        launch, background = scans
        running, whole = launch or background, launch and background
        realtime = "programs-only" if launch else "off"
    return Product(
        id=name,
        name=known.name,
        version=attempt(_remediator, host),
        definitions=known.definitions,
        running=running,
        realtime=realtime,
        removable=BLIND,
        updating=attempt(_updating, host),
        managed=False,
        whole=whole,
    )


def freshness(host: Host, name: str) -> Freshness:
    """How new its rules are."""
    rules = attempt(_rules, host)
    at: Maybe[int | None] = rules if isinstance(rules, Unseen) else rules.installed_at
    if at is None:
        at = Unseen("parse-error")  # it does not say, which is not "never"
    return Freshness(
        product=name,
        definitions_version=rules if isinstance(rules, Unseen) else rules.version,
        definitions_at=at,
        checked_at=BLIND,
        quick_scan_at=BLIND,
        full_scan_at=BLIND,
    )


def _asked(host: Host, word: str) -> Ran | None:
    """The tool's answer; None where this macOS has no such tool. Raises CannotLook."""
    try:
        ran = host.run([_TOOL, word])
    except CannotLook as blind:
        if blind.reason == "tool-missing":
            return None
        raise
    if ran.code != 0:
        raise CannotLook("parse-error", f"xprotect {word} exited {ran.code}")
    return ran


def _scans(host: Host) -> tuple[bool, bool]:
    """Whether programs are looked at when they start, and the disk now and then. Raises
    CannotLook."""
    ran = _asked(host, "status")
    if ran is None:
        return True, _jobs(host)
    try:
        found = xprotect.parse_status(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    if found.launch is None or found.background is None:
        raise CannotLook("parse-error", "xprotect status")
    if not (found.launch and found.background) and not host.privileged:
        raise CannotLook("denied", "xprotect status")
    return found.launch, found.background


def _jobs(host: Host) -> bool:
    """Before macOS 15: whether both jobs that look at the disk are there. Raises CannotLook."""
    if not host.privileged:
        raise CannotLook("denied", "launchctl list")
    ran = host.run(["/bin/launchctl", "list"])
    labels = {line.rpartition("\t")[2] for line in ran.out.decode("utf-8", "replace").splitlines()}
    if ran.code != 0 or "Label" not in labels:
        raise CannotLook("parse-error", "launchctl list")
    return labels.issuperset(_JOBS)


def _rules(host: Host) -> xprotect.Rules:
    """The rules in use. Raises CannotLook."""
    ran = _asked(host, "version")
    if ran is not None:
        try:
            return xprotect.parse_version(ran.out)
        except ParseError as error:
            raise CannotLook("parse-error", str(error)) from error
    for bundle in _BUNDLES:
        version = _version(host, f"{bundle}/{_PART}")
        if version is not None:
            return xprotect.Rules(version, _came(host, version, f"{bundle}/{_PART}"))
    raise CannotLook("unsupported", "XProtect.bundle")


def _came(host: Host, version: str, path: str) -> int:
    """When rules of that number were installed, else the file's own day. Raises CannotLook."""
    try:
        data = host.read(_HISTORY)
        rows = [] if data is None else macos.rows(data, _HISTORY)
    except CannotLook:
        rows = []
    mine = [row for row in rows if row.get("displayName") == _PACKAGE]
    days = [macos.moment(row, "date") for row in mine if row.get("displayVersion") == version]
    known = [day for day in days if day is not None]
    if known:
        return max(known)
    found = host.stat(path)
    if found is None:
        raise CannotLook("parse-error", path)
    return found.mtime


def _remediator(host: Host) -> str | None:
    """The part that cleans up has a number of its own. Raises CannotLook."""
    return _version(host, _REMEDIATOR)


def _version(host: Host, path: str) -> str | None:
    return macos.text(macos.settings(host, path), "CFBundleShortVersionString")


def _updating(host: Host) -> bool:
    """Raises CannotLook."""
    layers = macos.of_mac(host, _UPDATES)
    return all(_wanted(layers, key) for key in _FETCHING)


def _wanted(layers: list[macos.Held], key: str) -> bool:
    held = macos.deciding(layers, key)
    return held is None or macos.flag(held.settings, key) is not False
