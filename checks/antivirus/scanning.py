"""When ClamAV last scanned, and whether udev starts a scan of each drive that is plugged in.

ClamAV keeps no record of its own. What is knowable: a timer or cron job of the administrator's
(/etc/systemd/system/*.service with a timer beside it, /etc/cron*, root's crontab) that runs
clamscan or clamdscan with `--log`, and that log's last summary. No such job, or one without a log,
is "could not look", never "no scan": somebody may scan by hand.
"""

import datetime
import shlex

import msgspec

from checks.formats import clamscan_log, keyfile, udev_rules
from checks.host import CannotLook, Host, read_text

UNITS = "/etc/systemd/system"
CRON_FOLDERS = ("/etc/cron.d", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly")
CRON_FILES = ("/etc/crontab", "/var/spool/cron/crontabs/root", "/var/spool/cron/root")
RULES = ("/etc/udev/rules.d", "/run/udev/rules.d")
SCANNERS = ("clamscan", "clamdscan")
_TAIL = "16384"


class Scans(msgspec.Struct, frozen=True):
    """When the last scan ended: of anything, and of the whole machine. Epoch seconds, None =
    never."""

    any_at: int | None
    full_at: int | None


class _Job(msgspec.Struct, frozen=True):
    log: str
    full: bool


def last_scans(host: Host) -> Scans:
    """The last finished scans of the jobs that keep a log. Raises CannotLook."""
    jobs = [job for text in _scheduled(host) for job in _jobs(text)]
    if not jobs:
        raise CannotLook("unsupported", "no scheduled scan keeps a log")
    ended = [(job.full, _ended(host, job.log)) for job in jobs]
    return Scans(
        max((at for _, at in ended if at is not None), default=None),
        max((at for full, at in ended if full and at is not None), default=None),
    )


def on_insert(host: Host) -> bool:
    """Whether a udev rule of the administrator's starts ClamAV for block devices. Raises
    CannotLook."""
    for folder in RULES:
        for name in host.list(folder) or []:
            for rule in udev_rules.parse(host.read(f"{folder}/{name}") or b""):
                if _for_drives(rule) and any(_scans(host, text) for text in _starts(host, rule)):
                    return True
    return False


def _scheduled(host: Host) -> list[str]:
    """The text of every command that a timer or cron starts."""
    names = host.list(UNITS) or []
    services = [n for n in names if n.endswith(".service") and n[:-7] + "timer" in names]
    texts = [_command(host, f"{UNITS}/{name}") for name in services]
    places = [f"{folder}/{n}" for folder in CRON_FOLDERS for n in (host.list(folder) or [])]
    texts += [read_text(host, place) or "" for place in (*places, *CRON_FILES)]
    return [_with_script(host, text) for text in texts]


def _command(host: Host, unit: str) -> str:
    return keyfile.get(keyfile.parse(host.read(unit) or b""), "Service", "ExecStart") or ""


def _with_script(host: Host, text: str) -> str:
    """A command, and the script it starts where it is one of /usr/local or /opt."""
    words = text.split()
    first = words[0].lstrip("-@:+!") if words else ""
    if "\n" not in text.strip() and first.startswith(("/usr/local/", "/opt/")):
        return f"{text}\n{read_text(host, first) or ''}"
    return text


def _jobs(text: str) -> list[_Job]:
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        words = _words(line)
        names = [word.rpartition("/")[2] for word in words]
        at = next((i for i, name in enumerate(names) if name in SCANNERS), None)
        if at is None:
            continue
        log = _option(words[at:])
        if log:
            found.append(_Job(log, "/" in words[at + 1 :]))
    return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # an open quote: a line of a longer script
        return line.split()


def _option(words: list[str]) -> str | None:
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--log="):
            return word.removeprefix("--log=")
        if word in ("-l", "--log"):
            return following
    return None


def _ended(host: Host, log: str) -> int | None:
    """When the last scan in a log ended. Raises CannotLook."""
    place = host.stat(log)
    if place is None:
        return None
    if place.kind != "file":
        raise CannotLook("denied", log)
    ran = host.run(["tail", "-c", _TAIL, log])
    if ran.code != 0:
        raise CannotLook("denied", log)
    seen = clamscan_log.parse(ran.out)
    scans = [scan for scan in seen.scans if scan.scanned != 0]
    if not scans:
        return None
    return place.mtime if seen.finished else _epoch(scans[-1].end)


def _epoch(text: str) -> int:
    """A local time without its zone, read as UTC: up to an hour off in a UK summer."""
    try:
        local = datetime.datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  (set below)
    except ValueError as error:
        raise CannotLook("parse-error", "a scan's end") from error
    return int(local.replace(tzinfo=datetime.UTC).timestamp())


def _for_drives(rule: udev_rules.Rule) -> bool:
    kernels = [pair.value for pair in rule.condition("KERNEL")]
    subsystems = [pair.value for pair in rule.condition("SUBSYSTEM") if pair.operator == "=="]
    return "block" in subsystems or any(kernel.startswith("sd") for kernel in kernels)


def _starts(host: Host, rule: udev_rules.Rule) -> list[str]:
    commands = rule.assigned("RUN") + rule.assigned("RUN", "program")
    for unit in rule.assigned("ENV", "SYSTEMD_WANTS"):
        name, at, _ = unit.partition("@")
        commands.append(_command(host, f"{UNITS}/{name}@.service" if at else f"{UNITS}/{unit}"))
    return commands


def _scans(host: Host, command: str) -> bool:
    return any(scanner in _with_script(host, command) for scanner in SCANNERS)
