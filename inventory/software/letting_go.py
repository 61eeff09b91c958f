"""What the night lets go of: requests six years after they were asked for, once decided."""

from typing import Final

from inventory.models import SoftwareRequest
from inventory.software.queries import OPEN

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Delete what is past its days; how many."""
    edge = at - (SoftwareRequest.keep_for.days or 0) * DAY
    rows = SoftwareRequest.objects.filter(asked_at__lt=edge).exclude(state__in=OPEN)
    return rows.delete()[0]
