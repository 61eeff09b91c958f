"""Which version of `wire.frame` the controller takes, as its newest receipt says.

Only a receipt teaches a newer one, and whatever else comes back unteaches it: a controller that was
restored from an older release cannot read such a frame, so its answer names no report and nobody
could act on it. The next attempt then goes in the form that every controller takes.
"""

from pathlib import Path
from typing import Final

from agent import files
from wire import frame
from wire.receipt import Receipt

_NAME: Final = "frames"
_LONGEST: Final = 3


def taken(folder: Path) -> int:
    """The version to send in; the first until something else is known."""
    data = files.read_or_none(folder / _NAME, _LONGEST) or b""
    return int(data) if data.isdigit() else frame.FIRST


def note(folder: Path, said: Receipt) -> None:
    """Keep what a receipt says, beside the reports that wait."""
    newest = said.frames or frame.FIRST
    if newest != taken(folder):
        files.replace(folder / _NAME, b"%d" % newest)


def forget(folder: Path) -> None:
    """Begin again with the first."""
    (folder / _NAME).unlink(missing_ok=True)
