"""What the night lets go of: a job after a year, what somebody wrote in it 60 days after it was
done."""

from typing import Final

from inventory.models import Job

DAY: Final = 86_400
WORDS_DAYS: Final = 60


def let_go(at: int) -> int:
    """Delete and empty what is past its days; how many jobs were deleted."""
    done = Job.objects.filter(done_at__lt=at - WORDS_DAYS * DAY)
    done.exclude(said="", contact="", note="").update(said="", contact="", note="")
    gone, _ = Job.objects.filter(told_at__lt=at - (Job.keep_for.days or 0) * DAY).delete()
    return gone
