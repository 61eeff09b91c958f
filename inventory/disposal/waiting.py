"""How many disposals wait for what, for the front page: two questions, however many there are."""

from collections.abc import Collection
from typing import Final

import msgspec
from django.db.models import Count, Exists, OuterRef, Q

from inventory.disposal.late import DAY, late_by
from inventory.disposal.states import HERE
from inventory.models import Disposal, DisposalException, DisposalMedium

CUPBOARD_DAYS: Final = 30
"""Longer with drives that nobody proved empty is the commonest real risk (spec §5.4)."""


class Waiting(msgspec.Struct, frozen=True):
    """Numbers of disposals, and of exceptions past their day. `approvals` and `receipts` are those
    that somebody else than the reader asked for (I2)."""

    approvals: int = 0
    receipts: int = 0
    late: int = 0
    witness: int = 0
    """Those with a drive of which the reader has yet to say that they saw it destroyed (I2)."""
    cupboard: int = 0
    exceptions: int = 0


def waiting(sites: Collection[str], reader: str, now: int) -> Waiting:
    """Of these schools, at this moment. A late certificate's own exception is not told twice."""
    asked = ~Q(requested_by=reader)
    unsaid = DisposalMedium.objects.filter(disposal=OuterRef("pk"), waits_for=reader, open=True)
    counts = Disposal.objects.filter(site__in=sites, closed_at=None).aggregate(
        approvals=Count("id", filter=asked & Q(state="requested")),
        receipts=Count("id", filter=asked & Q(state="collected")),
        late=Count("id", filter=late_by(now)),
        witness=Count("id", filter=Exists(unsaid)),
        cupboard=Count("id", filter=_lying(now - CUPBOARD_DAYS * DAY)),
    )
    odd = DisposalException.objects.filter(site__in=sites, closed_at=None, due_at__lt=now)
    exceptions = odd.exclude(kind="certificate_overdue").count()
    return Waiting(**counts, exceptions=exceptions)


def _lying(before: int) -> Q:
    """Here since before then, with data on it as far as anybody knows."""
    unproven = Q(n_media_left__gt=0) | (Q(n_media=0) & ~Q(personal_data="no"))
    return unproven & Q(state__in=[one for one in HERE if one != "ready"], opened_at__lt=before)
