"""macOS backups: Time Machine's own record of each place it saves to.

/Library/Preferences/com.apple.TimeMachine.plist is closed even to root without Full Disk Access;
`defaults export` asks the service that holds it instead. Trap: what that may not see comes back
empty, as if it were never set up, so `stat` tells the two apart. Of each of `Destinations`:
`SnapshotDates` (backups that were completed; local snapshots are not among them), `RESULT` (0: the
last try worked) and, where it did not, `AttemptDates` since, which leave some out. Names and places
of the drives stay on the Mac. Other programs are seen by what runs. Written after public readers of
this file; never run on macOS.
"""

from typing import Final

from checks.backups import jobs, products
from checks.backups.facts import MOST_FAILURES, BackupsFacts, BackupsNow, Job
from checks.host import CannotLook, Host, attempt
from checks.macos import Settings, moment, number, printed

TIME_MACHINE: Final = "Time Machine"
_DOMAIN: Final = "/Library/Preferences/com.apple.TimeMachine"
MOST_DATES: Final = 4_096


def read(host: Host) -> BackupsFacts:
    """Backup programs that run."""
    return BackupsFacts(products=attempt(_running, host))


def read_now(host: Host) -> BackupsNow:
    """What Time Machine did."""
    return jobs.facts(host, [attempt(_destinations, host)])


def _running(host: Host) -> list[str]:
    return products.running(process.name for process in host.processes())


def _destinations(host: Host) -> list[Job]:
    if host.stat(f"{_DOMAIN}.plist") is None:
        return []
    known = printed(host, ["/usr/bin/defaults", "export", _DOMAIN, "-"])
    if not isinstance(known, dict) or not known:
        raise CannotLook("denied", "Time Machine")
    places = known.get("Destinations", [])
    if not isinstance(places, list) or not all(isinstance(one, dict) for one in places):
        raise CannotLook("parse-error", "Destinations")
    alone = len(places) == 1
    return [_job("" if alone else str(at), place) for at, place in enumerate(places, 1)]


def _job(name: str, place: Settings) -> Job:
    last = max(_dates(place, "SnapshotDates"), default=None)
    result = number(place, "RESULT")
    if result is None or result == 0:
        return Job(TIME_MACHINE, name, "result", last, result)
    since = [at for at in _dates(place, "AttemptDates") if last is None or at > last]
    failures = min(max(1, len(since)), MOST_FAILURES)
    return Job(TIME_MACHINE, name, "result", last, failures)


def _dates(place: Settings, key: str) -> list[int]:
    values = place.get(key, [])
    if not isinstance(values, list) or len(values) > MOST_DATES:
        raise CannotLook("parse-error", key)
    found = [moment({key: value}, key) for value in values]
    return [at for at in found if at is not None]
