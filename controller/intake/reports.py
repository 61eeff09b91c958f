"""Reports: from bytes to verified arrivals, and on to the store. A batch at a time, in the writer
thread.

Order of checks: shape, key known, signature, and only then meaning. Whoever cannot sign learns
nothing: an unknown key, a withdrawn key with a wrong signature and a report in another's name are
answered alike (O1, trust T5).
"""

from collections.abc import Sequence

from controller.fleet import packed
from controller.intake import forks, leaving, signatures
from controller.intake.jobs import Job
from controller.intake.keybook import KeyBook
from controller.intake.outcomes import Outcome, Refused
from controller.intake.plan import Arrival
from controller.intake.rates import Rates
from controller.intake.store import Store
from wire import dsse
from wire.errors import WireError
from wire.problem import code_for
from wire.report import Content, content_digest_in, open_report


def verify(jobs: Sequence[Job], book: KeyBook, at: int) -> list[Arrival | Refused]:
    """Each job's report if its device signed it, else why not. Reads keys, writes nothing."""
    book.learn({job.parsed.keyid for job in jobs if job.parsed is not None})
    return [_opened(job, book, at) for job in jobs]


def _opened(job: Job, book: KeyBook, at: int) -> Arrival | Refused:
    parsed = job.parsed
    known = book.find(parsed.keyid) if parsed is not None else None
    if parsed is None or known is None:
        return Refused("copied" if parsed and _is_set_back(parsed, book) else "unknown_key")
    try:
        report = open_report(parsed, known.public, fits=signatures.fits)
    except WireError as error:
        code = code_for(error)
        return Refused(code) if code == "unknown_key" else Refused(code, error.sentence)
    if report.device != known.device:
        return Refused("unknown_key")
    content = report.content if isinstance(report.content, Content) else None
    return Arrival(
        device=known.device,
        report=report,
        digest=job.digest,
        packed=job.packed or packed.pack(parsed),
        content_digest=content_digest_in(parsed.payload, report),
        content=content,
        received_at=at,
    )


def _is_set_back(parsed: dsse.Parsed, book: KeyBook) -> bool:
    """Whether a key that its computer gave up signed this: a disk from before the change woke up
    (ADR 8). It cannot go on under that key, but it may ask to be let in as a new computer."""
    former = book.find_former(parsed.keyid)
    if former is None:
        return False
    try:
        return open_report(parsed, former.public, fits=signatures.fits).device == former.device
    except WireError:
        return False


def limit(arrivals: Sequence[Arrival | Refused], rates: Rates, at: int) -> list[Arrival | Refused]:
    """Refuse reports of devices that send more than agreed."""
    out: list[Arrival | Refused] = []
    for one in arrivals:
        if isinstance(one, Arrival):
            wait = rates.report(one.device, one.report.created_at, len(one.packed), at)
            out.append(one if wait is None else Refused("slow_down", retry_after_seconds=wait))
        else:
            out.append(one)
    return out


def store(arrivals: Sequence[Arrival | Refused], into: Store) -> list[Outcome]:
    """Commit the verified ones; answers in the order asked."""
    batch = [one for one in arrivals if isinstance(one, Arrival)]
    outcomes = forks.settle(batch, into.commit(batch)) if batch else []
    leaving.note(batch, outcomes)
    answers = iter(outcomes)
    return [next(answers) if isinstance(one, Arrival) else one for one in arrivals]
