"""Bodies a device was asked for: sections, and content that came by its digest. Writer thread,
inside its transaction.

A body is taken only while a stored report of this very device names it and the device has not
supplied it: a hash known from one computer never stands for another (trust §4.1). It is stored
unread once its hash fits (A4); only content is read, because it says what else is needed.
"""

import zlib

from django.db.models import F

from controller.fleet.models import Device, Held, Manifest, Section, Wanted
from controller.intake.jobs import Job
from controller.intake.outcomes import Outcome, RefusedError, Stored
from controller.intake.plan import CONTENT, wanted_of
from wire import sections
from wire.errors import WireError
from wire.problem import code_for
from wire.report import Content, open_content


def take(job: Job, at: int) -> Outcome:
    """Store one body; with the last one missing, the device is due to be judged. Raises
    RefusedError."""
    device = Device.objects.select_for_update().filter(id=job.name, state="active").first()
    if device is None:
        raise RefusedError("not_needed")
    wants = list(Wanted.objects.filter(device=device, digest=job.digest))
    if not wants:
        raise RefusedError("not_needed")
    try:
        sections.check(job.digest, job.body)
        content = open_content(job.body, job.digest) if wants[0].name == CONTENT else None
    except WireError as error:
        raise RefusedError(code_for(error), error.sentence) from None
    if content is None:
        _hold(device, wants, job, at)
    else:
        _content(device, content, job)
    if not Wanted.objects.filter(device=device).exists():
        Device.objects.filter(id=device.id).update(judge_due=True, judge_turn=F("judge_turn") + 1)
    return Stored()


def _hold(device: Device, wants: list[Wanted], job: Job, at: int) -> None:
    section, _ = Section.objects.get_or_create(
        site_id=device.site_id,
        digest=job.digest,
        defaults={"body": zlib.compress(job.body, 6)},
    )
    Held.objects.bulk_create(
        [
            Held(
                site_id=device.site_id,
                device=device,
                name=want.name,
                schema=want.schema,
                digest=want.digest,
                section=section,
                report_seq=want.report_seq,
                since=at,
            )
            for want in wants
        ],
        update_conflicts=True,
        update_fields=["schema", "digest", "section", "report_seq", "since"],
        unique_fields=["device", "name"],
    )
    Wanted.objects.filter(device=device, digest=job.digest).delete()


def _content(device: Device, content: Content, job: Job) -> None:
    Manifest.objects.update_or_create(
        device=device,
        defaults={
            "site_id": device.site_id,
            "digest": job.digest,
            "report_seq": device.head_seq,
            "body": zlib.compress(job.body, 6),
        },
    )
    Device.objects.filter(id=device.id).update(content_digest=job.digest)
    held = {row.name: (row.schema, row.digest) for row in Held.objects.filter(device=device)}
    Wanted.objects.filter(device=device).delete()
    Wanted.objects.bulk_create(
        [
            Wanted(
                site_id=device.site_id,
                device=device,
                name=want.name,
                schema=want.schema,
                digest=want.digest,
                size=want.size,
                report_seq=device.head_seq,
            )
            for want in wanted_of(content, held)
        ]
    )
