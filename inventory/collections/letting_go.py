"""What the night lets go of: who drove and with what, three years after the day (O12)."""

from typing import Final

from inventory.models import Collection

DAY: Final = 86_400
DRIVER_DAYS: Final = 3 * 366
"""As long as the note for hazardous waste, on which the driver's name stands, is kept."""


def let_go(at: int) -> int:
    """Empty what is past its days; on how many rows."""
    old = Collection.objects.filter(collected_at__lt=at - DRIVER_DAYS * DAY)
    return old.exclude(driver="", vehicle="").update(driver="", vehicle="")
