"""How this computer's clock differs from the controller's, as the sender saw it when a receipt came
(T17).

Only whoever sends knows when an answer arrived; a report that is made later tells it, signed. The
sender's word moves no clock and judges nothing here: it is this computer's claim about itself.
"""

from pathlib import Path
from typing import Final

import msgspec

from agent import files
from wire import limits

NAME: Final = "clock.json"
WORTH_SAYING: Final = 120
"""Seconds; an answer takes a few, and the controller minds five minutes."""


class Difference(msgspec.Struct, frozen=True):
    """Seconds this computer's clock is ahead; behind below 0."""

    ahead_seconds: int = 0


def note(folder: Path, ahead_seconds: int) -> None:
    """Keep what was seen beside the reports that wait; a clock that is right leaves nothing."""
    if abs(ahead_seconds) < WORTH_SAYING:
        (folder / NAME).unlink(missing_ok=True)
    else:
        files.replace(folder / NAME, msgspec.json.encode(Difference(ahead_seconds)))


def seen(folder: Path) -> int:
    """What was kept last; 0 for a clock that is right, for none, and for what cannot be."""
    data = files.read_or_none(folder / NAME, 4096)
    try:
        found = 0 if data is None else msgspec.json.decode(data, type=Difference).ahead_seconds
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0
    return found if abs(found) <= limits.LATEST else 0
