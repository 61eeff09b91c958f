"""What the night lets go of: requests that ended long ago, with what came back."""

from typing import Final

from inventory.models import Reinstall

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Delete what is past its days; how many requests."""
    edge = at - (Reinstall.keep_for.days or 0) * DAY
    _, counted = Reinstall.objects.filter(ends_at__lt=edge).delete()
    return counted.get("inventory.Reinstall", 0)
