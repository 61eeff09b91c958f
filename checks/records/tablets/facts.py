"""One iPad, Chromebook, tablet or phone as a sheet of the school's management (MDM) has it (S30).

Everything is as old as the sheet: `imported_at` says how old that is. A column that a sheet lacks
is `Unseen("unsupported")`, a cell that says nothing is None.
"""

from typing import ClassVar, Literal

from checks.facts import Facts
from checks.unseen import Maybe, Unseen

Family = Literal["ipados", "ios", "chromeos", "android", "other"]
NOT_TOLD = Unseen("unsupported")


class TabletFacts(Facts, frozen=True):
    """What the newest sheet says of one thing."""

    section: ClassVar[str] = "tablets"
    schema: ClassVar[int] = 1

    imported_at: int
    """Epoch seconds at which the sheet was taken in."""
    listed: bool
    """Whether it stands in it at all; the rest is unseen where it does not."""
    manager: str
    """An id of `management/managers.toml`, or `other`."""
    family: Family = "other"
    managed: Maybe[bool] = NOT_TOLD
    """It is enrolled now; a sheet may also list what was taken out."""
    supervised: Maybe[bool | None] = NOT_TOLD
    """None: this system knows no such difference."""
    synced_at: Maybe[int | None] = NOT_TOLD
    """Epoch seconds of its last contact; None: not once yet."""
    release: Maybe[str | None] = NOT_TOLD
    """Of the operating system, `18.6.2`."""
    updates_until: Maybe[str | None] = NOT_TOLD
    """The day a Chromebook gets its last update, `YYYY-MM-DD`."""
    passcode: Maybe[bool | None] = NOT_TOLD
    """A code is set; on iPads that is what switches encryption on."""
    encrypted: Maybe[bool | None] = NOT_TOLD
    lost_mode_ready: Maybe[bool | None] = NOT_TOLD
    """It can be locked and found from afar: supervised, and reached lately, as the manager says."""
    free_bytes: Maybe[int | None] = NOT_TOLD
    size_bytes: Maybe[int | None] = NOT_TOLD


SECTIONS = (TabletFacts,)
