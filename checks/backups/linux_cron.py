"""Linux backup jobs that cron runs: nothing keeps their results, so only what they leave tells.

Read: /etc/crontab, /etc/cron.d, /etc/cron.{hourly,daily,weekly} (names without a dot, as cron runs
them), root's own /var/spool/cron/crontabs/root. A line or script counts if its call saves something
(products.toml) or, for scripts and lines that call one, its name says "backup". Where it names a
repository of restic or borg by a path of this machine (`-r`, `--repo`, `RESTIC_REPOSITORY`,
`BORG_REPO`, `PATH::`), the newest file time in it is a trace: `snapshots/` of restic, `integrity.N`
of borg, which is also written when old archives are thrown away. Of a repository elsewhere nothing
can be seen. A repository that other computers share shows their times too. Passwords that stand
beside it are not kept.
"""

import re
from typing import Final

from checks.backups import jobs, products
from checks.backups.facts import Job, Proof
from checks.backups.jobs import Places
from checks.host import CannotLook, Host, attempt, read_text
from checks.unseen import Maybe, Unseen

TABLES: Final = ("/etc/crontab", "/var/spool/cron/crontabs/root")
FOLDER: Final = "/etc/cron.d"
SCRIPTS: Final = ("/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly")
MOST_FILES: Final = 64
MOST_SNAPSHOTS: Final = 2_048
_RUNS: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REPOSITORY: Final = re.compile(
    r"(?:RESTIC_REPOSITORY=|BORG_REPO=|--repo[= ]|-r )[\"']?(/[^\s\"':]{1,1000})"
    r"|[\s\"'](/[^\s\"':]{1,1000})::"
)
_BORG_TRACE: Final = re.compile(r"integrity\.\d{1,18}")
NO_RESULT: Final = Unseen("unsupported")


def read(host: Host) -> Places:
    """One job for each line or script that saves something; rsnapshot and duplicity tell of
    themselves."""
    folders = [FOLDER, *SCRIPTS]
    inside = {folder: attempt(host.list, folder) for folder in folders}
    paths = {folder: _runnable(folder, names) for folder, names in inside.items()}
    own = [*TABLES, *paths[FOLDER][:MOST_FILES]]
    called = [path for folder in SCRIPTS for path in paths[folder][:MOST_FILES]]
    tables = {path: _text(host, path) for path in own}
    scripts = {path: _text(host, path) for path in called}
    found = [job for path, text in tables.items() for job in _of_table(host, _base(path), text)]
    found += [job for path, text in scripts.items() for job in _of_script(host, _base(path), text)]
    found = [job for job in found if job.product not in ("rsnapshot", "duplicity")]
    answers = [*inside.values(), *tables.values(), *scripts.values()]
    closed = [one for one in answers if isinstance(one, Unseen)]
    if max(map(len, paths.values())) > MOST_FILES:
        closed.append(Unseen("too-large"))
    return [found, *closed[:1]]


def _runnable(folder: str, names: Maybe[list[str] | None]) -> list[str]:
    """Those cron runs, as paths."""
    listed = [] if isinstance(names, Unseen) else names or []
    return [f"{folder}/{name}" for name in listed if _RUNS.fullmatch(name)]


def _text(host: Host, path: str) -> Maybe[str]:
    """Nothing for a file that is not there."""
    found = attempt(read_text, host, path)
    return found if isinstance(found, Unseen) else found or ""


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _of_table(host: Host, name: str, text: Maybe[str]) -> list[Job]:
    found: list[Job] = []
    for call in _calls(text):
        product = products.calling(call)
        script = _script(call) if product is None else None
        if product is not None or script is not None:
            found.append(_job(host, product or products.SCRIPT, script or name, text))
    return found


def _calls(text: Maybe[str]) -> list[str]:
    lines = [] if isinstance(text, Unseen) else text.split("\n")
    return [line for line in map(str.strip, lines) if line and not line.startswith("#")]


def _script(call: str) -> str | None:
    """The name of a script a line of cron calls, if it says that it is a backup."""
    for word in call.split()[5 : products.MOST_WORDS]:
        base = word.strip("\"'`;&|()").rpartition("/")[2]
        if word.startswith("/") and products.named(base):
            return base
    return None


def _of_script(host: Host, name: str, text: Maybe[str]) -> list[Job]:
    called = (products.calling(line) for line in _calls(text))
    product = next((one for one in called if one is not None), None)
    if product is None and products.named(name):
        product = products.SCRIPT
    return [] if product is None else [_job(host, product, name, text)]


def _job(host: Host, product: str, name: str, text: Maybe[str]) -> Job:
    trace: Maybe[int | None] = Unseen("denied")
    if not isinstance(text, Unseen):
        trace = attempt(_trace, host, text)
    if trace is None:
        trace = NO_RESULT
    proof: Proof = "result" if isinstance(trace, Unseen) else "trace"
    return Job(product, jobs.cut(name), proof, trace, None)


def _trace(host: Host, text: str) -> int | None:
    """When a repository of this machine that the text names was last written to."""
    found = _REPOSITORY.search(text)
    root = None if found is None else (found[1] or found[2]).rstrip("/")
    if not root:
        return None
    snapshots = host.list(f"{root}/snapshots")
    if snapshots is not None:
        return _newest(host, f"{root}/snapshots", snapshots)
    pieces = [name for name in host.list(root) or [] if _BORG_TRACE.fullmatch(name)]
    return _newest(host, root, pieces)


def _newest(host: Host, folder: str, names: list[str]) -> int | None:
    if len(names) > MOST_SNAPSHOTS:
        raise CannotLook("too-large", folder)
    stats = [host.stat(f"{folder}/{name}") for name in names]
    return max((stat.mtime for stat in stats if stat is not None), default=None)
