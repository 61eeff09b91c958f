"""What the night lets go of: spellings that no computer had for a year and a month."""

from typing import Final

from inventory.installed.packing import unpack
from inventory.many import PART
from inventory.models import ComputerSoftware, SoftwareName

DAY: Final = 86_400


def prune(site_id: str, at: int) -> int:
    """Let go of them; how many. Titles stay."""
    edge = at - (SoftwareName.keep_for.days or 0) * DAY
    old = SoftwareName.objects.filter(site_id=site_id, computers=0, changed_at__lt=edge)
    held: set[int] = set()
    for packed in ComputerSoftware.objects.filter(site_id=site_id).values_list("names", flat=True):
        held.update(unpack(packed))  # one that does not count now may again
    gone = [one for one in old.values_list("id", flat=True) if one not in held]
    for start in range(0, len(gone), PART):
        SoftwareName.objects.filter(id__in=gone[start : start + PART]).delete()
    return len(gone)
