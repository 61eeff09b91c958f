"""A job is told by anybody who has the label in hand, and done by somebody who signed in (S25).

What is told is bounded per thing and per school, so that a bored class fills neither the disk nor
the inbox. It is written by nobody we know, so it is no event of the ledger; that it was done is.
"""

from typing import Final, Literal, get_args

from django.db import transaction
from django.db.models import QuerySet

from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Job

JobKind = Literal["broken", "found", "misplaced", "install"]
KINDS: Final[tuple[JobKind, ...]] = get_args(JobKind)

LONGEST: Final = 500
LONGEST_CONTACT: Final = 120
HOUR: Final = 3_600
DAY: Final = 86_400
PER_THING_AN_HOUR: Final = 4
PER_THING_A_DAY: Final = 12
PER_SCHOOL_A_DAY: Final = 150
MOST_OPEN: Final = 2_000
"""Of one school; more than anybody works off, so more say nothing."""


class FullError(Exception):
    """Enough was told for now."""


def tell(
    site_id: str, asset_id: str, kind: str, *, at: int, said: str = "", contact: str = ""
) -> None:
    """Note what somebody told of an entry; the same said again while it is open is noted once.
    Raises RegisterError for what cannot be, FullError where enough was told."""
    if kind not in KINDS:
        raise RegisterError("no_kind", "Choose what you want to tell.", "kind")
    words = _words(said, LONGEST, "said")
    who = _words(contact, LONGEST_CONTACT, "contact")
    with transaction.atomic():
        # Two who tell at the same time are counted one after the other.
        Asset.objects.select_for_update().get(site_id=site_id, id=asset_id)
        told = Job.objects.filter(site_id=site_id)
        if told.filter(asset_id=asset_id, kind=kind, said=words, done_at=None).exists():
            return
        _check_room(told, asset_id, at)
        Job.objects.create(
            id=new_id("job", at),
            site_id=site_id,
            asset_id=asset_id,
            kind=kind,
            said=words,
            contact=who,
            told_at=at,
        )


def finish(site_id: str, job_id: str, note: str, *, by: By) -> bool:
    """A job is done; False where somebody else was faster. Raises RegisterError."""
    words = _words(note, LONGEST, "note")
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(site_id=site_id, id=job_id).first()
        if job is None:
            raise RegisterError("not_found", "There is no such job at this school.")
        if job.done_at is not None:
            return False
        job.done_at, job.done_by, job.note = by.at, by.actor, words
        job.save(update_fields=["done_at", "done_by", "note"])
        after = {"asset": job.asset_id, "kind": job.kind}
        ledger.append(
            site_id=site_id, at=by.at, actor=by.actor, verb="job.done", subject=job.id, after=after
        )
    return True


def _words(text: str, longest: int, field: str) -> str:
    plain = str(clean("notes", text[: 2 * longest]))
    if len(plain) > longest or len(text) > 2 * longest:
        raise RegisterError("too_long", f"Write not more than {longest} characters.", field)
    return plain


def _check_room(told: QuerySet[Job], asset_id: str, at: int) -> None:
    mine = told.filter(asset_id=asset_id)
    bounds = (
        (mine.filter(told_at__gt=at - HOUR), PER_THING_AN_HOUR),
        (mine.filter(told_at__gt=at - DAY), PER_THING_A_DAY),
        (told.filter(told_at__gt=at - DAY), PER_SCHOOL_A_DAY),
        (told.filter(done_at=None), MOST_OPEN),
    )
    if any(rows.count() >= most for rows, most in bounds):
        raise FullError
