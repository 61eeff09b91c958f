"""What the night lets go of: remarks past their days. Events and their digests stay."""

from typing import Final

from inventory.models import DisposalNote

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Empty the words that are past their days; how many."""
    edge = at - (DisposalNote.keep_for.days or 0) * DAY
    return DisposalNote.objects.filter(at__lt=edge).exclude(text="").update(text="", nonce="")
