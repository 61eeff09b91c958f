"""How services ended, by systemd's own two messages in the journal.

Trap: a good end is of level `info` and a failure of `warning`, so a journal, a unit
(`LogLevelMax=`) or systemd itself (`LogLevel=`, `systemd.log_level=`) may keep failures alone, and
then a job that works reads as one that never did. Whoever says so there is asked only where
failures stand last.
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from checks import journald
from checks.backups import jobs
from checks.backups.facts import Job, Proof
from checks.backups.jobs import Run
from checks.formats import journal_json, keyfile
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import Maybe, Unseen

SUCCEEDED: Final = "7ad2d189f7e94e70a38c781354912448"
FAILED: Final = "d9b373ed55a64feb8242e02dbe79a49c"
_NEWEST: Final = "2000"
_TIMEOUT: Final = 30
_MANAGER: Final = "/etc/systemd/system.conf"
_MANAGERS: Final = ("/usr/lib/systemd/system.conf.d", "/etc/systemd/system.conf.d")
_KERNEL: Final = re.compile(r"(?:^|\s)systemd\.log_level=(\S+)")
_UNIT: Final = re.compile(r"^\s*LogLevelMax\s*=\s*(\S+)", re.MULTILINE)


class Saving(msgspec.Struct, frozen=True):
    """A unit that saves something."""

    product: str
    proof: Proof
    text: str
    """Its file."""


def results(host: Host, saving: Mapping[str, Saving]) -> list[Job]:
    """One job for each unit."""
    argv = ["journalctl", "-q", "-r", "-n", _NEWEST, "-o", "json", "--no-pager"]
    argv += ["--output-fields=UNIT,MESSAGE_ID", "_PID=1"]
    argv += [f"MESSAGE_ID={SUCCEEDED}", f"MESSAGE_ID={FAILED}"]
    argv += [f"UNIT={unit}" for unit in sorted(saving)]
    try:
        ran = host.run(argv, _TIMEOUT)
    except CannotLook as blind:
        why = Unseen(blind.reason)
        return [jobs.unseen(one.product, unit, why) for unit, one in saving.items()]
    runs: dict[str, list[Run]] = {unit: [] for unit in saving}
    for entry in reversed(journal_json.parse(ran.out)):
        if entry.unit in runs and entry.message in (SUCCEEDED, FAILED):
            runs[entry.unit].append(Run(entry.at, entry.message == SUCCEEDED))
    return [_job(host, unit, one, runs[unit]) for unit, one in sorted(saving.items())]


def _job(host: Host, unit: str, saving: Saving, runs: list[Run]) -> Job:
    if not runs:
        # An ordinary user is shown none, and a journal in memory forgets.
        silent = Unseen("deferred" if host.privileged else "denied")
        return jobs.unseen(saving.product, unit, silent)
    found = jobs.from_runs(saving.product, unit, runs)
    if found.failed_in_row:
        kept: Maybe[bool] = attempt(_keeps_good_ends, host, saving.text)
        if isinstance(kept, Unseen):
            return jobs.unseen(saving.product, unit, kept)
        if not kept:
            return jobs.unseen(saving.product, unit, Unseen("unsupported"))
    return msgspec.structs.replace(found, proof=saving.proof)


def _keeps_good_ends(host: Host, unit: str) -> bool:
    """Whether a service that ended well would stand in the journal. Raises CannotLook."""
    levels = [journald.level(journald.settings(host)), *_UNIT.findall(unit)[-1:]]
    paths = [_MANAGER]
    for folder in _MANAGERS:
        paths += [f"{folder}/{name}" for name in host.list(folder) or [] if name.endswith(".conf")]
    for path in paths:
        said = keyfile.get(keyfile.parse(host.read(path) or b""), "Manager", "LogLevel")
        levels += [said] if said else []
    levels += _KERNEL.findall(read_text(host, "/proc/cmdline") or "")
    return all(level.lower() in journald.KEEPS_NOTES for level in levels)
