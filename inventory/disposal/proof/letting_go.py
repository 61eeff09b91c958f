"""Evidence past its keeping: its content goes, its row and digest stay for ever (I12, spec §1.7).

It is kept for six years after the end of the year in which the last disposal that names it ended,
and while one that names it runs. What no disposal names counts from when it was added.
"""

import re
from collections.abc import Collection
from typing import Final

from django.db import transaction

from inventory.disposal import keeping
from inventory.documents.storage import store
from inventory.ledger import services as ledger
from inventory.models import Disposal, DisposalEvent, DisposalEvidence, Document, Site

ERASE: Final = "evidence.erase"
MOST: Final = 500
"""Of one school in one night."""
_YOUNGEST: Final = keeping.PROOF_YEARS * 365 * 86_400
_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")


def kept_until(at: int, zone: str) -> int:
    """From when on evidence of something that ended then may go: the first moment of a year where
    the school is."""
    return keeping.goes_at(keeping.proof_until(keeping.day_of(at, zone)), zone)


def let_go(at: int) -> int:
    """Erase the content of what is past its keeping; how many."""
    return sum(_of_school(site, at) for site in Site.objects.order_by("id"))


def _of_school(site: Site, at: int) -> int:
    rows = DisposalEvidence.objects.filter(site=site, erased_at=None, added_at__lt=at - _YOUNGEST)
    old = {row.sha256: row for row in rows.order_by("added_at")[:MOST]}
    if not old:
        return 0
    running, ends = _named(site, old)
    gone = 0
    for digest, row in old.items():
        ended = ends.get(digest, row.added_at)
        if digest not in running and at >= kept_until(ended, site.timezone):
            _erase(row, at)
            gone += 1
    return gone


def _named(site: Site, digests: Collection[str]) -> tuple[set[str], dict[str, int]]:
    """Which of these a running disposal names, and when the last ended that names each."""
    running: set[str] = set()
    ends: dict[str, int] = {}
    closed = dict(Disposal.objects.filter(site=site).values_list("id", "closed_at"))
    wanted = {digest.encode(): digest for digest in digests}
    events = DisposalEvent.objects.filter(site=site).values_list("disposal_id", "body")
    for disposal, body in events.iterator(chunk_size=1_000):
        for found in wanted.keys() & set(_DIGEST.findall(bytes(body))):
            end = closed.get(disposal)
            if end is None:
                running.add(wanted[found])
            else:
                ends[wanted[found]] = max(end, ends.get(wanted[found], 0))
    return running, ends


def _erase(row: DisposalEvidence, at: int) -> None:
    """Its name goes too: people write names of people there. The paper of another page with the
    same content keeps its file."""
    site_id, digest = row.site_id, row.sha256
    with transaction.atomic():
        row.erased_at, row.name = at, ""
        row.save(update_fields=["erased_at", "name"])
        ledger.append(
            site_id=site_id,
            at=at,
            actor=ledger.SYSTEM,
            verb=ERASE,
            subject=row.id,
            after={"sha256": digest},
        )
        if not Document.objects.filter(site_id=site_id, sha256=digest, erased_at=None).exists():
            transaction.on_commit(lambda: store().remove(site_id, digest))
