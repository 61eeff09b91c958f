"""What the night lets go of: remarks past their days, and files past their years. Events and their
digests stay."""

from typing import Final

from inventory.disposal.proof import letting_go as evidence
from inventory.models import DisposalNote

DAY: Final = 86_400


def let_go(at: int) -> int:
    """Empty the words that are past their days, and erase old evidence; how many."""
    edge = at - (DisposalNote.keep_for.days or 0) * DAY
    return evidence.let_go(at) + DisposalNote.objects.filter(at__lt=edge).exclude(text="").update(
        text="", nonce=""
    )
