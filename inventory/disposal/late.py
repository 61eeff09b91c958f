"""Certificates that did not come in the days the rules give: the night opens one exception each,
with whoever booked the collection to see to it (I9, I10). The certificate closes it."""

import logging
from collections.abc import Iterator
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal import leaving, rulings, storing
from inventory.disposal.proving import uncertified
from inventory.disposal.reducing import replay
from inventory.disposal.states import AWAY
from inventory.ledger import services as ledger
from inventory.models import Collection, Disposal, DisposalException

log = logging.getLogger("caretaker.disposal")

DAY: Final = 86_400
ASK_DAYS: Final = 7
"""To hear from the company."""
_KIND: Final = "certificate_overdue"


def late_by(at: int) -> Q:
    """Disposals whose certificate is late and that could need one: what has no drive never does."""
    return Q(state__in=AWAY, certificate_due_at__lt=at, n_media__gt=0)


def open_late(site_id: str, at: int) -> int:
    """Open what nobody opened since it was due, each for itself; how many."""
    return sum(_open(site_id, one, at) for one in list(_unopened(site_id, at)))


def _unopened(site_id: str, at: int) -> Iterator[str]:
    """Closed by hand is closed for this collection: it is not opened again the next night."""
    opened = DisposalException.objects.filter(
        disposal=OuterRef("id"), kind=_KIND, opened_at__gt=OuterRef("certificate_due_at")
    )
    rows = Disposal.objects.filter(~Exists(opened), late_by(at), site=site_id)
    return rows.order_by("certificate_due_at", "id").values_list("id", flat=True).iterator()


def _open(site_id: str, disposal_id: str, at: int) -> bool:
    by = By(ledger.SYSTEM, at, "system")
    try:
        with transaction.atomic():
            rows = Disposal.objects.select_for_update().filter(site=site_id, id=disposal_id)
            row = rows.filter(late_by(at)).first()
            if row is None or not _asked_for(row):
                return False
            leaving.open_exception(
                site_id,
                disposal_id,
                kind=_KIND,
                due=at + ASK_DAYS * DAY,
                owner=_owner(row),
                by=by,
                seen=None,
            )
    except RegisterError:
        log.exception("code=certificate_late_unopened site=%s disposal=%s", site_id, disposal_id)
        return False
    return True


def _asked_for(row: Disposal) -> bool:
    """Whether the rules it went by ask for a certificate that is not there."""
    book = rulings.book(row.site_id)
    now = replay(storing.events([row])[row.id], book)
    return bool(uncertified(now, book[now.rules]))


def _owner(row: Disposal) -> str:
    booked = Collection.objects.filter(site=row.site_id, id=row.collection)
    return booked.values_list("booked_by", flat=True).first() or row.requested_by
