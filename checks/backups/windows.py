r"""Windows backups: Windows Server Backup, Veeam Agent, tasks called backup, and others' services.

- Windows Server Backup (also its engine on other Windows): events of `Microsoft-Windows-Backup`
  through `wevtutil.exe`: 1 began, 4 worked, 5 failed, 14 ended whatever came of it. A run without
  a 4 that ended, or after which another began, failed. `wbadmin` speaks the system's language.
- Veeam Agent: event 190 of its log, whose level says how a job ended (a warning still saved).
- Tasks of Task Scheduler's top folder with "backup" in the name, for scripts of a school's own:
  `TaskCache\Tree\<name>` `Id`, and of `TaskCache\Tasks\<Id>` the value `DynamicInfo`, whose last
  code is 0 only after a good run; from Windows 10 on the time of the last good end must agree. It
  tells of the last run only.
- Others (Acronis, Azure, …) by their services: what they did, they tell nobody in one place.

Not counted: shadow copies, File History and OneDrive, which save no server. Needs an administrator.
Written after Microsoft's and Veeam's documentation and public monitoring scripts; never run on
Windows.
"""

from typing import Final

from checks.backups import jobs, products
from checks.backups.facts import BackupsFacts, BackupsNow, Job
from checks.backups.jobs import Run
from checks.formats import task_info, wevtutil_xml
from checks.formats.errors import ParseError
from checks.formats.wevtutil_xml import Event
from checks.host import CannotLook, Host, attempt
from checks.unseen import Unseen
from checks.windows import WINDOWS_NT, raw, text

SERVER_BACKUP: Final = "Windows Server Backup"
VEEAM: Final = "Veeam Agent"
_SERVICES: Final = r"SYSTEM\CurrentControlSet\Services"
_VEEAM_LOG: Final = rf"{_SERVICES}\EventLog\Veeam Agent"
_CACHE: Final = rf"{WINDOWS_NT}\Schedule\TaskCache"
_CHANNEL: Final = "Microsoft-Windows-Backup"
_RUNS: Final = "*[System[(EventID=1 or EventID=4 or EventID=5 or EventID=14)]]"
_ENDED: Final = "*[System[(EventID=190)]]"
_BEGAN, _WORKED, _FAILED, _OVER = 1, 4, 5, 14
_NO_CHANNEL: Final = 15_007
_WORST_SAVED: Final = 3
_BUSY: Final = frozenset({0x41301, 0x41325})
"""The task runs, or waits to."""
_NOT_YET: Final = 0x41303


def read(host: Host) -> BackupsFacts:
    """Backup programs by their services."""
    return BackupsFacts(products=attempt(_installed, host))


def read_now(host: Host) -> BackupsNow:
    """What the jobs did."""
    return jobs.facts(host, [attempt(part, host) for part in (_server_backup, _veeam, _tasks)])


def _installed(host: Host) -> list[str]:
    key = host.registry("HKLM", _SERVICES)
    if key is None:
        raise CannotLook("parse-error", _SERVICES)
    return products.serving(key.subkeys)


def _events(host: Host, log: str, query: str) -> list[Event]:
    """Oldest first, as they came. Raises CannotLook."""
    ran = host.run(["wevtutil.exe", "qe", log, f"/q:{query}", "/c:200", "/rd:true", "/f:xml"])
    if ran.code == _NO_CHANNEL:
        return []
    if ran.code != 0:
        raise CannotLook("parse-error" if host.privileged else "denied", "wevtutil")
    events = wevtutil_xml.parse(ran.out)
    if not events and ran.out.strip():
        raise CannotLook("parse-error", "wevtutil")
    return events[::-1]


def _server_backup(host: Host) -> list[Job]:
    events = _events(host, _CHANNEL, _RUNS)
    runs: list[Run] = []
    began = worked = False
    last = 0
    for event in events:
        if event.number == _BEGAN and began:
            runs.append(Run(last, worked))
        elif event.number in (_FAILED, _OVER) and (began or worked or event.number == _FAILED):
            runs.append(Run(event.at, worked))
        if event.number in (_BEGAN, _FAILED, _OVER):
            began, worked = event.number == _BEGAN, False
        worked = worked or event.number == _WORKED
        last = event.at
    if worked:
        runs.append(Run(last, worked=True))
    if not runs:
        return [jobs.from_runs(SERVER_BACKUP, "", [])] if events else []
    return [jobs.from_runs(SERVER_BACKUP, "", runs)]


def _veeam(host: Host) -> list[Job]:
    if host.registry("HKLM", _VEEAM_LOG) is None:
        return []
    events = _events(host, VEEAM, _ENDED)
    if not events:  # a backup server that manages it may keep its results for itself
        return [jobs.unseen(VEEAM, "", Unseen("unsupported"))]
    runs = [Run(one.at, one.level == 0 or one.level >= _WORST_SAVED) for one in events]
    return [jobs.from_runs(VEEAM, "", runs)]


def _tasks(host: Host) -> list[Job]:
    tree = host.registry("HKLM", rf"{_CACHE}\Tree")
    if tree is None:
        raise CannotLook("denied", "TaskCache")
    return [job for name in tree.subkeys if products.named(name) for job in _task(host, name)]


def _task(host: Host, name: str) -> list[Job]:
    """Nothing for a folder of tasks."""
    identity = text(host.registry("HKLM", rf"{_CACHE}\Tree\{name}"), "Id")
    if identity is None:
        return []
    found = attempt(_info, host, identity)
    if isinstance(found, Unseen):
        return [jobs.unseen(products.SCRIPT, name, found)]
    if found.ran_at is None or found.code == _NOT_YET:
        return [jobs.from_runs(products.SCRIPT, name, [])]
    if found.code in _BUSY:
        return [jobs.unseen(products.SCRIPT, name, Unseen("deferred"))]
    if found.code == 0 and found.has_worked_at and (found.worked_at or 0) < found.ran_at:
        return [jobs.unseen(products.SCRIPT, name, Unseen("unsupported"))]  # the two disagree
    if found.code == 0:
        return [jobs.from_runs(products.SCRIPT, name, [Run(found.ran_at, worked=True)])]
    lost = Unseen("unsupported")
    return [Job(products.SCRIPT, jobs.cut(name), "result", lost, 1)]


def _info(host: Host, identity: str) -> task_info.TaskInfo:
    data = raw(host.registry("HKLM", rf"{_CACHE}\Tasks\{identity}"), "DynamicInfo")
    try:
        return task_info.parse(data or b"")
    except ParseError as error:
        raise CannotLook("parse-error", "DynamicInfo") from error
