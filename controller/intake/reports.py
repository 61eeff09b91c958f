"""Reports: from bytes to verified arrivals, and on to the store. A batch at a time, in the writer
thread.

Order of checks: shape, key known, signature, and only then meaning. Whoever cannot sign learns
nothing: an unknown key, a withdrawn key with a wrong signature and a report in another's name are
answered alike (O1, trust T5).
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from controller.fleet import packed
from controller.intake import forks, ghosts, leaving, read_back, scanners, signatures
from controller.intake.jobs import Job
from controller.intake.keybook import KeyBook, Known
from controller.intake.outcomes import Outcome, Refused
from controller.intake.plan import Arrival
from controller.intake.rates import Rates
from controller.intake.store import Store
from controller.intake.verified import Question, Reading, refused, verify
from wire import dsse, frame
from wire.errors import WireError
from wire.report import Content, Report, open_report

_REPORT: Final = msgspec.json.Decoder(Report)
"""Of a payload that was verified: its form was looked at then."""


def is_framed(job: Job) -> bool:
    """Whether it is of the one kind that comes by the thousand."""
    return job.kind == "report" and job.form == "frame"


def ask(jobs: Sequence[Job], book: KeyBook) -> list[Question | None]:
    """What is to be found out of each; None for one that is looked at when its turn comes. Reads
    keys, writes nothing."""
    names = [_key_id(job) for job in jobs]
    book.learn(set(names))
    return [_question(job, book.find(name)) for job, name in zip(jobs, names, strict=True)]


def _key_id(job: Job) -> str:
    return frame.key_id(job.body) if job.parsed is None else job.parsed.keyid


def _question(job: Job, known: Known | None) -> Question | None:
    """Nearly all reports: framed, by a key in use."""
    if known is None or job.parsed is not None:
        return None
    return Question(job.body, known.public)


def arrive(job: Job, reading: Reading | None, book: KeyBook, at: int) -> Arrival | Refused:
    """The report if its device signed it, else why not."""
    if reading is None:
        reading = _read(job, book)
    job.digest = reading.digest
    if reading.code == "unknown_key":
        return Refused(reading.code)
    if reading.code:
        return Refused(reading.code, reading.sentence)
    report = _REPORT.decode(reading.payload)
    # Asked again: what was committed meanwhile may have given the device another key.
    known = book.find(_key_id(job))
    if known is None or report.device != known.device:
        return Refused("unknown_key")
    return Arrival(
        device=known.device,
        report=report,
        digest=job.digest,
        packed=_packed(job, reading.payload),
        content_digest=reading.content_digest,
        content=report.content if isinstance(report.content, Content) else None,
        received_at=at,
    )


def _read(job: Job, book: KeyBook) -> Reading:
    """One that is no frame, or by a key that nobody in use has."""
    parsed = job.parsed
    if parsed is None:
        try:
            parsed = frame.parse(job.body)
        except WireError as error:
            return refused(error)
        job.digest = dsse.digest(dsse.write(parsed))
    known = book.find(parsed.keyid)
    if known is None:
        return Reading(job.digest, code="copied" if _is_set_back(parsed, book) else "unknown_key")
    return verify(parsed, job.digest, known.public)


def _packed(job: Job, payload: bytes) -> bytes:
    """The envelope as it is kept."""
    if job.parsed is not None:
        return packed.pack(job.parsed)
    return packed.as_framed(job.body, payload) or packed.pack(frame.parse(job.body))


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
    ghosts.note(batch, outcomes)
    read_back.note(batch, outcomes)
    scanners.note(batch, outcomes)
    answers = iter(outcomes)
    return [next(answers) if isinstance(one, Arrival) else one for one in arrivals]
