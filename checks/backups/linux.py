"""Linux backups: timers of systemd and what the journal keeps of them, rsnapshot, duplicity, cron.

A repository of restic or borg tells nothing without its password but that something was written, so
results are asked of what ran the job:

- systemd: timers enabled in `timers.target.wants` (or of multi-user, default), the service each
  starts, and `journalctl -o json` for systemd's two messages that tell how a service ended. Anybody
  may write such messages, but `_PID` is the journal's own word for who did: 1. A unit counts if its
  call saves something (products.toml) or its name says "backup". Unit states are not asked: after a
  restart they say `success` of what has not run yet. Root and the group `systemd-journal` see the
  journal; a service that `systemctl stop` ended counts as having worked. Where a unit forgives a
  failure (`ExecStart=-…`, `||`, a shell's later steps, `SuccessExitStatus=`), its end is a trace.
  Drop-ins of units are not read.
- rsnapshot and duplicity keep their own results: `linux_own`.
- cron keeps none, so what its lines write to is looked at: `linux_cron`.

Not read: snapshots on the same drive (Timeshift, Snapper, ZFS), which are lost with it; a server
that saves others (BackupPC); backups of desktops (Déjà Dup). Programs that run all the time and
keep their results elsewhere (Veeam, Bacula) are named, no more. Seen on Debian 12 with restic 0.14,
borg 1.2.4, duplicity 0.8.22 and rsnapshot 1.4.5; the journal was written with systemd's own tool,
as systemd does not run there.
"""

import re
from typing import Final

from checks.backups import jobs, linux_cron, linux_journal, linux_own, products
from checks.backups.facts import BackupsFacts, BackupsNow
from checks.backups.jobs import Places
from checks.backups.linux_journal import Saving
from checks.formats import keyfile
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import Unseen

_FOLDERS: Final = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system")
_WANTS: Final = ("timers.target.wants", "multi-user.target.wants", "default.target.wants")
_SHELL: Final = re.compile(r"(?:^|[\s/@!:+-])(?:ba|da|k|z|a)?sh\s")
_EXCUSED: Final = re.compile(r"^\s*SuccessExitStatus\s*=(.*)$", re.MULTILINE)
MOST_TIMERS: Final = 256


def read(host: Host) -> BackupsFacts:
    """Backup programs that run all the time."""
    return BackupsFacts(products=attempt(_running, host))


def read_now(host: Host) -> BackupsNow:
    """What the jobs did."""
    return jobs.facts(host, jobs.looked(host, _timers, linux_own.read, linux_cron.read))


def _running(host: Host) -> list[str]:
    return products.running(process.name for process in host.processes())


def _timers(host: Host) -> Places:
    if host.stat("/run/systemd/system") is None:
        return []
    timers, closed = _enabled(host)
    found = {unit: attempt(_saves, host, unit) for unit in _services(host, timers)}
    closed += [one for one in found.values() if isinstance(one, Unseen)]
    saving = {unit: one for unit, one in found.items() if isinstance(one, Saving)}
    return [linux_journal.results(host, saving) if saving else [], *closed[:1]]


def _enabled(host: Host) -> tuple[list[str], list[Unseen]]:
    found: set[str] = set()
    closed: list[Unseen] = []
    for folder in _FOLDERS:
        for wants in _WANTS:
            names = attempt(host.list, f"{folder}/{wants}")
            if isinstance(names, Unseen):
                closed.append(names)
            else:
                found.update(name for name in names or [] if name.endswith(".timer"))
    if len(found) > MOST_TIMERS:
        raise CannotLook("too-large", "timers")
    return sorted(found), closed


def _services(host: Host, timers: list[str]) -> list[str]:
    """What each timer starts: `Unit=`, else the service of its name."""
    named = {timer: attempt(_starts, host, timer) for timer in timers}
    same = {timer: timer.removesuffix(".timer") + ".service" for timer in timers}
    told = {timer: one for timer, one in named.items() if isinstance(one, str)}
    units = {(told.get(timer) or same[timer]).replace("%i", _instance(timer)) for timer in timers}
    return sorted(unit for unit in units if unit.endswith(".service") and "/" not in unit)


def _saves(host: Host, unit: str) -> Saving | None:
    """What a service saves with, and whether its end tells that it did; its name decides where its
    call does not tell."""
    text = attempt(_text, host, unit)
    calls = [] if isinstance(text, Unseen) else _calls(text)
    called = (products.calling(call) for call in calls)
    found = next((product for product in called if product is not None), None)
    if found is None and products.named(unit.removesuffix(".service")):
        found = products.SCRIPT
    if isinstance(text, Unseen):
        if found is None:
            raise CannotLook(text.unseen, unit)
        return Saving(found, "trace", "")  # it may forgive what nobody could read
    if found is None:
        return None
    tells = not any(_forgives(call) for call in calls) and products.tells(found, _excused(text))
    return Saving(found, "result" if tells else "trace", text)


def _forgives(call: str) -> bool:
    """Whether a service ends well although this failed: `-` before a call, or, in a shell, a step
    after the one that saves whose end is the shell's own (`||`, `;`, `|`, `&`)."""
    before = call[: len(call) - len(call.lstrip("@-:+!|"))]
    if "-" in before or "||" in call:
        return True
    after = products.after(call).replace("&&", "").replace(">&", "").replace("&>", "")
    return _SHELL.search(call) is not None and any(sign in after for sign in ";|&")


def _excused(text: str) -> set[str]:
    """Codes that count as a good end (`SuccessExitStatus=`)."""
    return {code for line in _EXCUSED.findall(text) for code in line.split()}


def _calls(text: str) -> list[str]:
    """Every `ExecStart=`; a backslash at a line's end goes on in the next."""
    lines = text.replace("\\\n", " ").split("\n")
    return [line[10:].strip() for line in map(str.strip, lines) if line.startswith("ExecStart=")]


def _starts(host: Host, timer: str) -> str | None:
    return keyfile.get(keyfile.parse(_text(host, timer).encode()), "Timer", "Unit")


def _text(host: Host, name: str) -> str:
    """The first file of that name, in systemd's order; of `a@b.timer` also `a@.timer`. Raises
    CannotLook if none of them could be seen and one is closed."""
    own = name
    if "@" in name:
        head, _, tail = name.partition("@")
        own = f"{head}@.{tail.rpartition('.')[2]}"
    paths = [f"{folder}/{one}" for folder in _FOLDERS for one in dict.fromkeys((name, own))]
    texts = [attempt(read_text, host, path) for path in paths]
    seen = next((text for text in texts if isinstance(text, str) and text), "")
    blind = next((text for text in texts if isinstance(text, Unseen)), None)
    if blind is not None and not seen:
        raise CannotLook(blind.unseen, name)
    return seen


def _instance(name: str) -> str:
    return name.partition("@")[2].rpartition(".")[0]
