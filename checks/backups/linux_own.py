"""Linux backup programs that keep their own results: rsnapshot's log, duplicity's file names.

- rsnapshot: /etc/rsnapshot.conf (tabs between words), of it `retain` (the first level is the one
  that saves, or `sync` where `sync_first` is set; the others only turn old copies over), `logfile`
  and `snapshot_root`; with `include_conf` it is unseen, as that file may say otherwise. The log is
  in the machine's own time (/etc/localtime). Without a log the folder of its newest copy tells by
  its time that something was left, not how much of it. Debian's own file comes without a backup of
  anybody's: rsnapshot counts once cron or a timer has run it, that is once it left something.
- duplicity: /root/.cache/duplicity/<name>/, where each finished backup leaves a `.manifest` (while
  it is made, a `.part`) with its beginning, UTC, in the name. Failures are written nowhere.
"""

import datetime
import re
import zoneinfo
from typing import Final

from checks.backups import jobs
from checks.backups.facts import Job
from checks.backups.jobs import Places, Run
from checks.formats import rsnapshot_log
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import Unseen

CONF: Final = "/etc/rsnapshot.conf"
LOG_LIMIT: Final = 8 << 20
SYNC: Final = "sync"
CACHE: Final = "/root/.cache/duplicity"
MOST_CACHES: Final = 16
_MANIFEST: Final = re.compile(
    r"duplicity-(?:full|inc\.\d{8}T\d{6}Z\.to)\.(\d{8}T\d{6}Z)\.manifest(?:\.gpg)?"
)


def read(host: Host) -> Places:
    """Both; either may be absent."""
    return [attempt(_rsnapshot, host), attempt(_duplicity, host)]


def _rsnapshot(host: Host) -> list[Job]:
    text = read_text(host, CONF) or ""
    rows = [line.split(None, 2) for line in text.split("\n") if not line.startswith("#")]
    first = next((row[1] for row in rows if len(row) == 3 and row[0] in ("retain", "interval")), "")
    words = {row[0]: row[1] for row in rows if len(row) == 2}
    if "include_conf" in words:
        return [jobs.unseen("rsnapshot", "", Unseen("unsupported"))]
    if not first:
        return []
    if words.get("sync_first") == "1":
        first = SYNC  # then the levels only turn over what it saved
    log = words.get("logfile", "")
    try:
        data = host.read(log, LOG_LIMIT) if log.startswith("/") else None
        zone = _zone(host)
    except CannotLook as blind:
        return [jobs.unseen("rsnapshot", "", Unseen(blind.reason))]
    ran = [run for run in rsnapshot_log.parse(data or b"") if run.level == first]
    if ran:
        runs = [Run(_epoch(run.local, zone), run.end != "failed") for run in ran]
        return [jobs.from_runs("rsnapshot", "", runs)]
    return _newest_copy(host, words.get("snapshot_root", ""), first)


def _newest_copy(host: Host, root: str, level: str) -> list[Job]:
    path = f"{root.rstrip('/')}/{'.sync' if level == SYNC else f'{level}.0'}"
    found = attempt(host.stat, path) if root.startswith("/") else None
    if found is None:
        return []
    if isinstance(found, Unseen):
        return [jobs.unseen("rsnapshot", "", found)]
    return [Job("rsnapshot", "", "trace", found.mtime, None)]


def _zone(host: Host) -> datetime.tzinfo:
    """The clock on the machine's wall; UTC where it has none of its own. Raises CannotLook."""
    name = (host.link("/etc/localtime") or "zoneinfo/UTC").partition("zoneinfo/")[2]
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise CannotLook("parse-error", "/etc/localtime") from error


def _epoch(local: str, zone: datetime.tzinfo) -> int:
    return int(datetime.datetime.fromisoformat(local).replace(tzinfo=zone).timestamp())


def _duplicity(host: Host) -> list[Job]:
    names = host.list(CACHE)
    if names is None:
        return []
    if len(names) > MOST_CACHES:
        raise CannotLook("too-large", CACHE)
    found: list[Job] = []
    for at, folder in enumerate(names, 1):
        # A folder is called by a digest of where its backups go, which is nobody's business.
        name = "" if len(names) == 1 else str(at)
        inside = attempt(host.list, f"{CACHE}/{folder}")
        if isinstance(inside, Unseen):
            found.append(jobs.unseen("duplicity", name, inside))
            continue
        times = [one for file in inside or [] if (one := _manifest(file)) is not None]
        if inside:
            found.append(Job("duplicity", name, "result", max(times, default=None), None))
    return found


def _manifest(name: str) -> int | None:
    found = _MANIFEST.fullmatch(name)
    if found is None:
        return None
    try:
        at = datetime.datetime.strptime(f"{found[1]}+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        return None
    return int(at.timestamp())
