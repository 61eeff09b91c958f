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
from checks.backups.facts import Job
from checks.host import CannotLook, Host, attempt
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


def read(host: Host) -> list[Job]:
    """One job for each line or script that saves something; rsnapshot and duplicity tell of
    themselves. Raises CannotLook."""
    found = [*_of_tables(host), *_of_scripts(host)]
    return [job for job in found if job.product not in ("rsnapshot", "duplicity")]


def _of_tables(host: Host) -> list[Job]:
    names = attempt(host.list, FOLDER)
    own = [] if isinstance(names, Unseen) else [n for n in names or [] if _RUNS.fullmatch(n)]
    paths = [*TABLES, *(f"{FOLDER}/{name}" for name in own[:MOST_FILES])]
    texts = [(path.rpartition("/")[2], jobs.or_nothing(host, path)) for path in paths]
    return [job for name, text in texts for job in _of_table(host, name, text)]


def _of_table(host: Host, name: str, text: str) -> list[Job]:
    lines = [line.strip() for line in text.split("\n")]
    calls = [line for line in lines if line and not line.startswith("#")]
    found: list[Job] = []
    for call in calls:
        product = products.calling(call)
        script = _script(call) if product is None else None
        if product is not None or script is not None:
            place = attempt(_trace, host, text)
            found.append(_job(product or products.SCRIPT, script or name, place))
    return found


def _script(call: str) -> str | None:
    """The name of a script a line of cron calls, if it says that it is a backup."""
    for word in call.split()[5 : products.MOST_WORDS]:
        base = word.strip("\"'`;&|()").rpartition("/")[2]
        if word.startswith("/") and products.named(base):
            return base
    return None


def _of_scripts(host: Host) -> list[Job]:
    found: list[Job] = []
    for folder in SCRIPTS:
        names = attempt(host.list, folder)
        listed = [] if isinstance(names, Unseen) else names or []
        for name in [one for one in listed if _RUNS.fullmatch(one)][:MOST_FILES]:
            text = jobs.or_nothing(host, f"{folder}/{name}")
            lines = (line for line in text.split("\n") if not line.lstrip().startswith("#"))
            called = (products.calling(line) for line in lines)
            product = next((one for one in called if one is not None), None)
            if product is None and products.named(name):
                product = products.SCRIPT
            if product is not None:
                found.append(_job(product, name, attempt(_trace, host, text)))
    return found


def _job(product: str, name: str, trace: Maybe[int | None]) -> Job:
    if trace is None:
        return jobs.unseen(product, name, NO_RESULT)
    return Job(product, jobs.cut(name), "trace", trace, None)


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
