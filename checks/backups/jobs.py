"""What every reader of backup jobs shares: a job from its runs, and what may leave of a list."""

from collections.abc import Iterable, Sequence

import msgspec

from checks.backups.facts import LONGEST_NAME, MOST_FAILURES, MOST_JOBS, BackupsNow, Job
from checks.host import Host, attempt
from checks.online import Stretch
from checks.unseen import Maybe, Unseen


class Run(msgspec.Struct, frozen=True):
    """One run that ended."""

    at: int
    worked: bool


def from_runs(product: str, name: str, runs: Iterable[Run]) -> Job:
    """A job whose runs were written down; of two in one second the later stands later."""
    newest = sorted(runs, key=lambda run: run.at)[::-1]
    success = next((run.at for run in newest if run.worked), None)
    failures = next((at for at, run in enumerate(newest) if run.worked), len(newest))
    return Job(product, cut(name), "result", success, min(failures, MOST_FAILURES))


def unseen(product: str, name: str, why: Unseen) -> Job:
    """A job of which nobody could see what it did."""
    return Job(product, cut(name), "result", why, None)


def cut(name: str) -> str:
    """A name as it may leave: one line, printable, at most 80 characters."""
    plain = "".join(char if char.isprintable() else " " for char in name)
    return " ".join(plain.split())[:LONGEST_NAME]


def facts(host: Host, found: Sequence[Maybe[list[Job]]]) -> BackupsNow:
    """Jobs from several places; one place nobody could look at leaves the list unseen, unless
    others have jobs to tell of.

    A place that is silent may hold the one job that fails, but what is known shall be judged.
    """
    jobs = [job for part in found if not isinstance(part, Unseen) for job in part]
    blind = next((part for part in found if isinstance(part, Unseen)), None)
    if not jobs and blind is not None:
        return BackupsNow(jobs=blind, online=[])
    if len(jobs) > MOST_JOBS:
        return BackupsNow(jobs=Unseen("too-large"), online=[])
    ordered = sorted(jobs, key=lambda job: (job.product, job.name, job.proof))
    return BackupsNow(jobs=ordered, online=_hours(host, ordered))


def _hours(host: Host, jobs: Sequence[Job]) -> Maybe[list[Stretch]]:
    """Only those since the oldest success can excuse a job."""
    times = [job.last_success_at for job in jobs]
    known = [at for at in times if isinstance(at, int)]
    if not known:
        return []
    found = attempt(host.online)
    if isinstance(found, Unseen):
        return found
    return [stretch for stretch in found if stretch.ends_at > min(known)]
