"""The chain of one device's reports: which report may follow which (trust §4.3). Pure.

`seq` orders, never time. A report for a taken place with other bytes is a fork: nothing is
overwritten, both envelopes are kept, and a person decides. A report that skips a place is a gap:
the agent sends from the head on.
"""

from typing import Literal

from wire.problem import Head

Link = Literal["next", "duplicate", "fork", "gap"]


def link(head: Head, *, seq: int, prev: str, digest: str, held: str | None) -> Link:
    """How a report stands to the head.

    `held` is the digest of the report already held at `seq`, None if there is none (or it is past
    its retention, when an old place counts as taken).
    """
    if seq > head.seq + 1:
        return "gap"
    if seq == head.seq + 1:
        return "next" if prev == head.hash else "fork"
    return "duplicate" if held == digest else "fork"
