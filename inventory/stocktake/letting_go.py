"""What the night lets go of: counts six years after they were begun, with all that was scanned."""

from typing import Final

from inventory.models import StockTake

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Delete what is past its days; how many counts. The ledger keeps their digests."""
    old = StockTake.objects.filter(begun_at__lt=at - (StockTake.keep_for.days or 0) * DAY)
    gone = old.count()
    old.delete()
    return gone
