"""What the night lets go of: counts six years after they were begun, with all that was scanned."""

from collections import defaultdict
from typing import Final

from django.db import transaction

from inventory.documents.letting_go import forget_signatures
from inventory.models import StockTake

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Delete what is past its days; how many counts. The ledger keeps their digests."""
    old = StockTake.objects.filter(begun_at__lt=at - (StockTake.keep_for.days or 0) * DAY)
    signed: dict[str, set[str]] = defaultdict(set)
    for site_id, signature in old.values_list("site_id", "signature"):
        signed[site_id].add(signature)
    with transaction.atomic():
        gone = old.count()
        old.delete()
        for site_id, digests in signed.items():
            forget_signatures(site_id, digests, at)
    return gone
