"""Linux backups: timers of systemd and what the journal keeps of them, rsnapshot, duplicity, cron.

A repository of restic or borg tells nothing without its password but that something was written, so
results are asked of what ran the job:

- systemd: timers enabled in `timers.target.wants` (or of multi-user, default), the service each
  starts, and `journalctl -o json` for systemd's two messages that tell how a service ended. Anybody
  may write such messages, but `_PID` is the journal's own word for who did: 1. A unit counts if its
  call saves something (products.toml) or its name says "backup". Unit states are not asked: after a
  restart they say `success` of what has not run yet. Root and the group `systemd-journal` see the
  journal; a service that `systemctl stop` ended counts as having worked. Where a unit forgives a
  failure (`ExecStart=-…`, `||`), its end is a trace. Drop-ins of units are not read.
- rsnapshot and duplicity keep their own results: `linux_own`.
- cron keeps none, so what its lines write to is looked at: `linux_cron`.

Not read: snapshots on the same drive (Timeshift, Snapper, ZFS), which are lost with it; a server
that saves others (BackupPC); backups of desktops (Déjà Dup). Programs that run all the time and
keep their results elsewhere (Veeam, Bacula) are named, no more. Seen on Debian 12 with restic 0.14,
borg 1.2.4, duplicity 0.8.22 and rsnapshot 1.4.5; the journal was written with systemd's own tool,
as systemd does not run there.
"""

from typing import Final

import msgspec

from checks.backups import jobs, linux_cron, linux_own, products
from checks.backups.facts import BackupsFacts, BackupsNow, Job, Proof
from checks.backups.jobs import Run
from checks.formats import journal_json, keyfile
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import Unseen

SUCCEEDED: Final = "7ad2d189f7e94e70a38c781354912448"
FAILED: Final = "d9b373ed55a64feb8242e02dbe79a49c"
_FOLDERS: Final = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system")
_WANTS: Final = ("timers.target.wants", "multi-user.target.wants", "default.target.wants")
_NEWEST: Final = "2000"
_TIMEOUT: Final = 30
MOST_TIMERS: Final = 256


def read(host: Host) -> BackupsFacts:
    """Backup programs that run all the time."""
    return BackupsFacts(products=attempt(_running, host))


def read_now(host: Host) -> BackupsNow:
    """What the jobs did."""
    parts = [attempt(part, host) for part in (_timers, linux_own.read, linux_cron.read)]
    return jobs.facts(host, parts)


def _running(host: Host) -> list[str]:
    return products.running(process.name for process in host.processes())


def _timers(host: Host) -> list[Job]:
    if host.stat("/run/systemd/system") is None:
        return []
    services = _services(host, _enabled(host))
    found = {unit: attempt(_saves, host, unit) for unit in services}
    blind = [one for one in found.values() if isinstance(one, Unseen)]
    saving = {unit: one for unit, one in found.items() if isinstance(one, tuple)}
    if blind and not saving:
        raise CannotLook(blind[0].unseen, "a unit of systemd")
    return _results(host, saving) if saving else []


def _enabled(host: Host) -> list[str]:
    found: set[str] = set()
    for folder in _FOLDERS:
        for wants in _WANTS:
            names = attempt(host.list, f"{folder}/{wants}")
            if isinstance(names, list):
                found.update(name for name in names if name.endswith(".timer"))
    if len(found) > MOST_TIMERS:
        raise CannotLook("too-large", "timers")
    return sorted(found)


def _services(host: Host, timers: list[str]) -> list[str]:
    """What each timer starts: `Unit=`, else the service of its name."""
    named = {timer: attempt(_starts, host, timer) for timer in timers}
    same = {timer: timer.removesuffix(".timer") + ".service" for timer in timers}
    told = {timer: one for timer, one in named.items() if isinstance(one, str)}
    units = {(told.get(timer) or same[timer]).replace("%i", _instance(timer)) for timer in timers}
    return sorted(unit for unit in units if unit.endswith(".service") and "/" not in unit)


def _saves(host: Host, unit: str) -> tuple[str, Proof] | None:
    """What a service saves with, and whether its end tells that it did; its name decides where its
    call does not tell."""
    text = attempt(_text, host, unit)
    calls = [] if isinstance(text, Unseen) else _calls(text)
    proof: Proof = "trace" if any(_forgives(call) for call in calls) else "result"
    called = (products.calling(call) for call in calls)
    found = next((product for product in called if product is not None), None)
    if found is None and products.named(unit.removesuffix(".service")):
        return products.SCRIPT, proof
    if isinstance(text, Unseen):
        raise CannotLook(text.unseen, unit)
    return None if found is None else (found, proof)


def _forgives(call: str) -> bool:
    """Whether a service ends well although this failed: `-` before a call, or a shell's `||`."""
    before = call[: len(call) - len(call.lstrip("@-:+!|"))]
    return "-" in before or "||" in call


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


def _results(host: Host, saving: dict[str, tuple[str, Proof]]) -> list[Job]:
    argv = ["journalctl", "-q", "-r", "-n", _NEWEST, "-o", "json", "--no-pager"]
    argv += ["--output-fields=UNIT,MESSAGE_ID", "_PID=1"]
    argv += [f"MESSAGE_ID={SUCCEEDED}", f"MESSAGE_ID={FAILED}"]
    argv += [f"UNIT={unit}" for unit in sorted(saving)]
    try:
        ran = host.run(argv, _TIMEOUT)
    except CannotLook as blind:
        why = Unseen(blind.reason)
        return [jobs.unseen(product, unit, why) for unit, (product, _) in saving.items()]
    runs: dict[str, list[Run]] = {unit: [] for unit in saving}
    for entry in reversed(journal_json.parse(ran.out)):
        if entry.unit in runs and entry.message in (SUCCEEDED, FAILED):
            runs[entry.unit].append(Run(entry.at, entry.message == SUCCEEDED))
    # Without an entry: an ordinary user is shown none, and a journal in memory forgets.
    silent = Unseen("deferred" if host.privileged else "denied")
    return [
        _job(product, unit, proof, runs[unit]) if runs[unit] else jobs.unseen(product, unit, silent)
        for unit, (product, proof) in sorted(saving.items())
    ]


def _job(product: str, unit: str, proof: Proof, runs: list[Run]) -> Job:
    found = jobs.from_runs(product, unit, runs)
    if proof == "result":
        return found
    return msgspec.structs.replace(found, proof=proof)
