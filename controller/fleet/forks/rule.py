"""What a fork means and what its sender is told (trust §4.3). Pure.

A fork accuses nobody. The same hardware was set back, by a snapshot or a restored image, and goes
on from the controller's head. Other hardware is a copy of a disk, and becomes a computer of its
own. Where the hardware cannot tell, or the same hardware is set back again and again (which two
running copies of one virtual machine look like), a person says which. Whoever holds the head goes
on reporting in every case: no fork locks anyone out.
"""

from collections.abc import Collection
from typing import Final, Literal

import msgspec

Answer = Literal["rolled_back", "copied", "fork"]
"""The code of the signed problem: go on from the head, become a new computer, wait for a person."""
Cure = Literal["", "one", "two"]
"""What a person said: it is one computer that was set back, or they are two."""
CURES: Final = ("one", "two")

ROLLBACKS: Final = 3
"""So often in a term the same hardware goes on by itself."""
TERM_SECONDS: Final = 122 * 86_400
"""A third of a year: a school's year has three terms."""
SEEN_OFTEN: Final = 2
"""From so many of the latest reports on, hardware is this computer's: a dock changes its marks from
night to night, while a copy that got in first has one report before the original comes back."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the device: `home` holds the bindings that are its own, `rollbacks` counts
    how often it went on by itself in this term."""

    weak: bool
    home: Collection[str]
    rollbacks: int
    cure: Cure = ""


def decide(binding: str, standing: Standing) -> Answer:
    """What a report that forks is answered. `binding` is that in the report, "" when it saw no
    hardware."""
    if standing.cure:
        return "rolled_back" if standing.cure == "one" else "copied"
    if standing.weak or not binding:
        return "fork"
    if binding not in standing.home:
        return "copied"
    return "rolled_back" if standing.rollbacks < ROLLBACKS else "fork"
