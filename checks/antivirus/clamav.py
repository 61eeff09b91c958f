"""ClamAV on Linux, from its configuration, its programs and the heads of its databases.

Seen with ClamAV 1.4.6 on Debian 12:
- Debian's default has no on-access scanning at all: it needs `clamonacc` running and a path in
  clamd.conf.
- `OnAccessMountPath` reports a bad file and still opens it, whatever `OnAccessPrevention` says, and
  neither it nor `OnAccessIncludePath` covers a drive mounted after clamonacc started: only a scan
  started by udev covers every stick.
- `clamscan --version` prints the engine even when there are no definitions, so those are read from
  the first 512 bytes of daily.cvd or daily.cld (whichever is newer).
- freshclam is never run from here: its servers lock out machines that ask too often.
"""

import re
from collections.abc import Sequence

from checks.antivirus import scanning
from checks.antivirus.facts import Freshness, Product, Realtime, Removable
from checks.antivirus.products import Known, running
from checks.formats import clamav_database, clamd_conf
from checks.formats.clamd_conf import Options
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host, Process, attempt, output
from checks.unseen import Maybe, Unseen

ID = "clamav"
CLAMD_CONF = (
    "/etc/clamav/clamd.conf",
    "/etc/clamd.d/scan.conf",
    "/etc/clamd.conf",
    "/usr/local/etc/clamd.conf",
)
FRESHCLAM_CONF = (
    "/etc/clamav/freshclam.conf",
    "/etc/freshclam.conf",
    "/usr/local/etc/freshclam.conf",
)
DATABASES = "/var/lib/clamav"
TIMER = "/etc/systemd/system/timers.target.wants/clamav-freshclam-once.timer"
CRON = "/etc/cron.d/clamav-freshclam"
HOMES = "/home/"
MOUNT_ROOTS = ("/media", "/run/media", "/mnt")
_VERSION = re.compile(r"^ClamAV ([0-9][^\s/]{0,40})")


def product(host: Host, known: Known, processes: Maybe[Sequence[Process]]) -> Product:
    """What ClamAV is set to do and whether it does it."""
    options = attempt(clamd_options, host)
    up: Maybe[bool]
    realtime: Maybe[Realtime]
    if isinstance(processes, Unseen):
        up = realtime = Unseen(processes.unseen)
    else:
        up = running(processes, known)
        realtime = _realtime(processes, options) if up else "off"
    return Product(
        id=ID,
        name=known.name,
        version=attempt(_version, host),
        definitions=known.definitions,
        running=up,
        realtime=realtime,
        removable=attempt(_removable, host, options, realtime),
        updating=attempt(_updating, host, processes),
        managed=False,  # it has neither a console nor a defence of its own settings
        tamper=False,
    )


def freshness(host: Host) -> Freshness:
    """How old its definitions are, when it last asked, when it last scanned."""
    daily = attempt(_daily, host)
    version: Maybe[str | None] = None
    built_at: Maybe[int | None] = None
    if isinstance(daily, Unseen):
        version = built_at = daily
    elif daily is not None:
        version, built_at = str(daily.version), daily.built_at
    scans = attempt(scanning.last_scans, host)
    return Freshness(
        product=ID,
        definitions_version=version,
        definitions_at=built_at,
        checked_at=attempt(_checked, host),
        quick_scan_at=scans if isinstance(scans, Unseen) else scans.any_at,
        full_scan_at=scans if isinstance(scans, Unseen) else scans.full_at,
    )


def clamd_options(host: Host) -> Options:
    """What clamd is set to. Raises CannotLook."""
    return _options(host, CLAMD_CONF)


def _options(host: Host, places: Sequence[str]) -> Options:
    """The first configuration there is; none at all is an empty one (ClamAV's defaults)."""
    found = (host.read(place) for place in places)
    return next((clamd_conf.parse(data) for data in found if data is not None), {})


def _version(host: Host) -> str | None:
    found = _VERSION.match(output(host, ["clamscan", "--version"]))
    return found[1] if found else None


def _realtime(processes: Sequence[Process], options: Maybe[Options]) -> Maybe[Realtime]:
    if not any(process.name == "clamonacc" for process in processes):
        return "off"
    if isinstance(options, Unseen):
        return options
    included = options.get("onaccessincludepath", [])
    if not included and not options.get("onaccessmountpath"):
        # It was started with a list of its own on the command line.
        return Unseen("unsupported")
    if not included or not clamd_conf.flag(options, "OnAccessPrevention"):
        return "watch-only"
    whole = any(HOMES.startswith(path.rstrip("/") + "/") for path in included)
    spared = any(_covers(path, HOMES) for path in options.get("onaccessexcludepath", []))
    return "on" if whole and not spared else "partial"


def _covers(path: str, place: str) -> bool:
    """Whether watching `path` watches `place` or something inside it."""
    path, place = path.rstrip("/") + "/", place.rstrip("/") + "/"
    return place.startswith(path) or path.startswith(place)


def _removable(host: Host, options: Maybe[Options], realtime: Maybe[Realtime]) -> Removable:
    if isinstance(options, Unseen):
        raise CannotLook(options.unseen, "clamd.conf")
    excluded = options.get("excludepath", []) + options.get("onaccessexcludepath", [])
    if any(root in pattern for pattern in excluded for root in MOUNT_ROOTS):
        return "none"
    if scanning.on_insert(host):
        return "on-insert"
    watched = options.get("onaccessincludepath", []) + options.get("onaccessmountpath", [])
    if isinstance(realtime, Unseen):
        raise CannotLook(realtime.unseen, "clamonacc")
    at_mounts = any(_covers(path, root) for path in watched for root in MOUNT_ROOTS)
    return "mounted-only" if realtime != "off" and at_mounts else "none"


def _updating(host: Host, processes: Maybe[Sequence[Process]]) -> bool:
    if host.stat(TIMER) is not None or host.stat(CRON) is not None:
        return True
    if isinstance(processes, Unseen):
        raise CannotLook(processes.unseen, "processes")
    return any(process.name == "freshclam" for process in processes)


def _daily(host: Host) -> clamav_database.Header | None:
    """The newest head of the daily database; None if there is none."""
    folder = clamd_conf.text(_options(host, CLAMD_CONF), "DatabaseDirectory", DATABASES)
    heads = []
    for name in ("daily.cvd", "daily.cld"):
        place = host.stat(f"{folder}/{name}")
        if place is not None and place.kind == "file":
            # Host.read refuses a file above its limit; a daily database has 60 MB.
            heads.append(_head(host, f"{folder}/{name}"))
    return max(heads, key=lambda head: head.version, default=None)


def _head(host: Host, path: str) -> clamav_database.Header:
    ran = host.run(["head", "-c", str(clamav_database.HEADER_BYTES), path])
    if ran.code != 0:
        raise CannotLook("denied", path)
    try:
        return clamav_database.parse(ran.out)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error


def _checked(host: Host) -> int | None:
    """When freshclam last wrote its log. An empty log is the one its package came with."""
    log = clamd_conf.text(_options(host, FRESHCLAM_CONF), "UpdateLogFile")
    if not log:
        raise CannotLook("unsupported", "freshclam writes no log file")
    for path in (log, f"{log}.1"):
        place = host.stat(path)
        if place is not None and place.size:
            return place.mtime
    return None
