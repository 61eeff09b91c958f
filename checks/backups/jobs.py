"""What every reader of backup jobs shares: a job from its runs, and what may leave of a list."""

from collections.abc import Callable, Iterable, Sequence

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


Places = Sequence[Maybe[list[Job]]]
"""What was found in each place; unseen where nobody could look."""


def facts(host: Host, places: Places) -> BackupsNow:
    """Jobs of all places. One that nobody could look at leaves the list unseen, unless others have
    jobs to tell of; then it is told beside them, as it may hold the one job that fails."""
    jobs = [job for place in places if not isinstance(place, Unseen) for job in place]
    closed = next((place for place in places if isinstance(place, Unseen)), None)
    if not jobs and closed is not None:
        return BackupsNow(jobs=closed, online=[], everywhere=closed)
    everywhere: Maybe[bool] = True if closed is None else closed
    if len(jobs) > MOST_JOBS:
        return BackupsNow(jobs=Unseen("too-large"), online=[], everywhere=everywhere)
    ordered = sorted(jobs, key=lambda job: (job.product, job.name, job.proof))
    return BackupsNow(jobs=ordered, online=_hours(host, ordered), everywhere=everywhere)


def looked(host: Host, *readers: Callable[[Host], Places]) -> Places:
    """What several readers found; one that could not look at all is a closed place."""
    found: list[Maybe[list[Job]]] = []
    for reader in readers:
        places = attempt(reader, host)
        found += [places] if isinstance(places, Unseen) else places
    return found


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
