"""Signatures go with what was signed, and files that no row names are deleted (O12)."""

from collections.abc import Collection as Many
from typing import Final

from django.db import transaction
from django.db.models import Q

from inventory.documents.storage import store
from inventory.ledger import services as ledger
from inventory.models import Allocation, Collection, DisposalEvidence, Document, Site, StockTake

DAY: Final = 86_400


def forget_signatures(site_id: str, digests: Many[str], at: int) -> int:
    """Erase signatures that no loan, count or collection names any more; how many. Their rows and
    digests stay, the pictures go with the end of the caller's transaction."""
    wanted = set(filter(None, digests))
    named = Allocation.objects.filter(
        Q(signature__in=wanted) | Q(return_signature__in=wanted), site_id=site_id
    )
    for both in named.values_list("signature", "return_signature"):
        wanted -= set(both)
    counts = StockTake.objects.filter(site_id=site_id, signature__in=wanted)
    wanted -= set(counts.values_list("signature", flat=True))
    collections = Collection.objects.filter(site_id=site_id, signature__in=wanted)
    wanted -= set(collections.values_list("signature", flat=True))
    rows = Document.objects.filter(
        site_id=site_id, kind="signature", sha256__in=wanted, erased_at=None
    )
    gone = list(rows)
    for row in gone:
        row.erased_at, row.name = at, ""
        row.save(update_fields=["erased_at", "name"])
        ledger.append(
            site_id=site_id, at=at, actor=ledger.SYSTEM, verb="document.erase", subject=row.id
        )
    for digest in {row.sha256 for row in gone}:
        if digest not in _named(site_id, [digest]):
            _delete_at_the_end(site_id, digest)
    return len(gone)


def sweep(at: int) -> int:
    """Delete files a day old that no row names: what a crash or a step that was refused left; how
    many."""
    gone = 0
    for site_id in Site.objects.values_list("id", flat=True):
        gone += store().sweep(site_id, _named(site_id), at - DAY)
    return gone


def _named(site_id: str, only: Many[str] | None = None) -> set[str]:
    """The contents that a paper or a piece of evidence names, of `only` these if given."""
    named: set[str] = set()
    for model in (Document, DisposalEvidence):
        rows = model.objects.filter(site_id=site_id, erased_at=None)
        rows = rows if only is None else rows.filter(sha256__in=only)
        named.update(rows.values_list("sha256", flat=True))
    return named


def _delete_at_the_end(site_id: str, digest: str) -> None:
    transaction.on_commit(lambda: store().remove(site_id, digest))
