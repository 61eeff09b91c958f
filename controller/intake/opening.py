"""From the bytes that were posted to an envelope taken apart, and its digest.

In the writer's thread: work that lets go of the interpreter between two threads that both want it
costs more in handing over than it takes. Nothing here is believed yet.
"""

from collections.abc import Sequence

from controller.intake.jobs import Form, Job
from controller.intake.outcomes import Refused
from wire import dsse, frame, limits
from wire.errors import WireError
from wire.packing import gunzip_limited
from wire.problem import code_for


def open_all(jobs: Sequence[Job]) -> None:
    """Open each posted envelope; for one that is none, `payload` says why."""
    for job in jobs:
        if job.form is not None and job.parsed is None:
            _open(job, job.form)


def _open(job: Job, form: Form) -> None:
    try:
        if form == "frame":
            job.parsed = frame.parse(job.body)
            job.digest = dsse.digest(dsse.write(job.parsed))
        else:
            plain = job.body if form == "plain" else gunzip_limited(job.body, limits.ENVELOPE)
            # Whatever came whole has a name, and a refusal may use it.
            job.digest = dsse.digest(plain)
            job.parsed = dsse.parse(plain)
    except WireError as error:
        job.payload = Refused(code_for(error), error.sentence)
