"""What every reader of logs and notices shares: a notice's hash, and the week a log reaches to."""

import hashlib
from typing import Final, Literal

from checks.logging.facts import Banner

WEEK: Final = 7 * 86_400


def banner(screen: Literal["graphical", "console"], text: str | None) -> Banner:
    """A notice by its words; line ends and indentation make no difference."""
    words = " ".join((text or "").split())
    if not words:
        return Banner(screen, shown=False, text_sha256=None)
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()
    return Banner(screen, shown=True, text_sha256=digest)


def week_end(at: int) -> int:
    """The end of a moment's week, counted from 1970: never longer ago than it was."""
    return -(-at // WEEK) * WEEK
