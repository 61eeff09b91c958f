"""What the night lets go of: drives six years after they ended."""

from typing import Final

from inventory.models import Medium

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Delete what is past its days; how many."""
    edge = at - (Medium.keep_for.days or 0) * DAY
    return Medium.objects.filter(ended_at__lt=edge).delete()[0]
