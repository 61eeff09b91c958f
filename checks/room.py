"""How much room a computer's drives had on earlier days, as the agent that looks remembers it."""

from typing import Final

import msgspec

REMEMBERED_DAYS: Final = 30
"""How many days back count for how fast a drive fills."""


class Room(msgspec.Struct, frozen=True):
    """The last look of one day, in days since 1970 (UTC)."""

    day: int
    free: dict[str, int]
    """Free bytes of each volume, by a name made of what it is (`checks.hardware.filling.named`):
    neither a path nor a label."""
