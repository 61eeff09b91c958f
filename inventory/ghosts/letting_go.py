"""What the night lets go of: alarms answered long ago. One that waits for an answer stays, and what
is watched is watched for good."""

from typing import Final

from inventory.models import GhostAlarm

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Delete what is past its days; how many."""
    edge = at - (GhostAlarm.keep_for.days or 0) * DAY
    return GhostAlarm.objects.filter(answered_at__lt=edge, last_at__lt=edge).delete()[0]
