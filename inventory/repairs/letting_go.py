"""What the night lets go of: what somebody wrote about a repair, six years after it came back; that
it was away, and with whom, stays with the thing."""

from typing import Final

from inventory.models import Away

DAY: Final = 86_400
WORDS_DAYS: Final = 6 * 365
"""As long as somebody may ask what became of a drive."""


def let_go(at: int) -> int:
    """Empty what is past its days; on how many rows."""
    old = Away.objects.filter(returned_at__lt=at - WORDS_DAYS * DAY)
    said = old.exclude(reference="", fault="", answer="")
    return said.update(reference="", fault="", answer="")
