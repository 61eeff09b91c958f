"""A virus scan of something carried in, as the agent that ran it remembers it: counts, no names.

Of the files on a stick neither names nor contents leave a computer, nor does what an antivirus says
of them in lines that hold their names (O32).
"""

from typing import Final, Literal

import msgspec

Outcome = Literal["clean", "found", "stopped", "timeout", "error"]
"""`clean` and `found`: the antivirus ended and said so by its exit code, or by answers that hold no
file names. `stopped`: somebody ended it. `timeout`: it took too long and was ended. `error`: it
could not do it, or said neither."""

REMEMBERED_SECONDS: Final = 30 * 86_400
"""How long a scan counts at most: one that found something and was never followed by another."""


class MediaScan(msgspec.Struct, frozen=True):
    """One scan. Times are epoch seconds UTC."""

    medium: str
    """The id of `removable_media.facts.Volume`; empty where it could not be told which it was."""

    whole: bool
    """Whether all that lies on the medium was to be scanned, not one folder or one of its parts."""

    product: str
    began_at: int
    ended_at: int
    outcome: Outcome
    files: int | None
    """Files scanned; None: the antivirus does not say."""

    threats: int | None
    """Files in which it found something; None: it does not say how many."""

    skipped: int
    """Files it was not shown, or that are larger than it looks into."""
