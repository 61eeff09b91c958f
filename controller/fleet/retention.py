"""Let go of what has been kept long enough (O12, S18). Run by the nightly round, a school at a
time.

Reports go after their days, except the head of each chain (the next report links to it) and the one
its content lies in. Words a person gave as a reason are emptied, never deleted: the event's digest
stays as the tombstone.
"""

from typing import Final

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from controller.fleet import standings
from controller.fleet.models import (
    Device,
    Enrolment,
    Fork,
    Held,
    JoinCode,
    Manifest,
    PastKey,
    PastVerdict,
    ReadBack,
    Report,
    Scanner,
    SealedCredential,
    Section,
    Sighting,
    Standing,
    SurveyBody,
    SurveyScope,
    Verdict,
    Wanted,
)
from inventory.keeping import Kept
from inventory.ledger import services as ledger

DAY: Final = 86_400
_HANGING: Final = (
    *(Report, Manifest, Held, Wanted, Verdict, PastVerdict, Fork, Sighting, PastKey, ReadBack),
    *(SurveyBody, Scanner, SealedCredential),
    Enrolment,
)
"""What goes with a computer, in this order."""
STAYS: Final = (SurveyScope,)
"""What outlives it: who authorised it to ask others is answered for as long as the school is."""
_NOTHING: Final[dict[str, str | list[str] | dict[str, str]]] = {
    **dict.fromkeys(("name", "os_name", "model", "binding", "was", "boot"), ""),
    "factors": {},
    "doubted_marks": {},
    "malformed": [],
}
"""What a device's row says of the computer, emptied; a name may be a person's."""


class Pruned(msgspec.Struct, frozen=True):
    """How many rows went."""

    reports: int
    past_verdicts: int
    sections: int
    join_codes: int
    reasons: int
    computers: int


def prune(site: str, at: int) -> Pruned:
    """Delete what is past its days at one school, in one transaction."""
    with transaction.atomic():
        standings.prune(site, _edge(Standing, at))
        _rounds(site, at)
        SurveyBody.objects.filter(site_id=site, received_at__lt=_edge(SurveyBody, at)).delete()
        ReadBack.objects.filter(site_id=site, received_at__lt=_edge(ReadBack, at)).delete()
        return Pruned(
            reports=_reports(site, at),
            past_verdicts=_deleted(
                PastVerdict.objects.filter(site_id=site, until__lt=_edge(PastVerdict, at)).delete()
            ),
            computers=_computers(site, at),
            sections=_sections(site),
            join_codes=_join_codes(site, at),
            reasons=ledger.erase_reasons(site, at),
        )


def _rounds(site: str, at: int) -> None:
    """What rounds told: the network's tables say it by then, and addresses of things that nobody
    knows are kept no longer (network §4)."""
    held = Held.objects.filter(site_id=site, name__in=("lan", "equipment", "neighbours_now"))
    held.filter(since__lt=_edge(SurveyBody, at)).delete()


def _reports(site: str, at: int) -> int:
    heads = Device.objects.filter(id=OuterRef("device_id"), head_seq=OuterRef("seq"))
    sources = Manifest.objects.filter(device_id=OuterRef("device_id"), report_seq=OuterRef("seq"))
    old = Report.objects.filter(site_id=site, received_at__lt=_edge(Report, at))
    return _deleted(old.filter(~Exists(heads), ~Exists(sources)).delete())


def _sections(site: str) -> int:
    """Bodies that no computer holds any more."""
    held = Held.objects.filter(section_id=OuterRef("id"))
    waits = SurveyBody.objects.filter(section_id=OuterRef("id"))
    return _deleted(Section.objects.filter(~Exists(held), ~Exists(waits), site_id=site).delete())


def _computers(site: str, at: int) -> int:
    """Empty what is known of computers past their days. The enrolment goes last: while there is
    one, this is still to do."""
    known = Enrolment.objects.filter(device_id=OuterRef("id"))
    left = Device.objects.filter(Exists(known), site_id=site, ended_at__lt=_edge(Device, at))
    due = list(left.order_by("id"))
    for device in due:
        for model in _HANGING:
            model._base_manager.filter(device_id=device.id).delete()
        for field, empty in _NOTHING.items():
            setattr(device, field, empty)
        device.save(update_fields=list(_NOTHING))
        ledger.append(
            site_id=site, at=at, actor=ledger.SYSTEM, verb="device.forget", subject=device.id
        )
    return len(due)


def _join_codes(site: str, at: int) -> int:
    edge = _edge(JoinCode, at)
    ended = Q(revoked_at__lt=edge) | Q(expires_at__lt=edge)
    used = Device.objects.filter(join_code_id=OuterRef("id"))
    return _deleted(JoinCode.objects.filter(ended, ~Exists(used), site_id=site).delete())


def _edge(model: type[Kept], at: int) -> int:
    """The moment before which rows of a model go."""
    days = model.keep_for.days
    if days is None:
        raise ValueError(f"{model.__name__} is not kept for a number of days")
    return at - days * DAY


def _deleted(answer: tuple[int, dict[str, int]]) -> int:
    return answer[0]
