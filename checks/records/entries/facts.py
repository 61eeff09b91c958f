"""What the register says of one entry, and of a school's register as a whole.

Gathered by the controller from its own database; nothing here can be denied, so only what an
outside record may lack is `Maybe`.
"""

from typing import ClassVar, Literal

from checks.facts import Facts
from checks.unseen import Maybe

Holder = Literal["", "person", "room", "pool", "trolley"]
State = Literal["in_use", "stored", "repair", "lost", "stolen", "retired"]


class EntryFacts(Facts, frozen=True):
    """One entry that is not gone."""

    section: ClassVar[str] = "entries"
    schema: ClassVar[int] = 1

    state: State
    provided: bool
    """It is somebody else's who looks after it (the council, a supplier): only shown (S31)."""
    carried: bool
    """It is made to be carried about, so the room it was last in says nothing."""
    filled: list[str]
    """Names of the fields that say something; `place` for a room, or something it is kept in."""
    holder: Holder
    placed: bool
    """It stands in a room."""
    grouped: bool
    """It belongs to a set, or is kept in a trolley."""
    due_on: str
    """The day a loan ends, `YYYY-MM-DD`; "" for none."""


class HeardFacts(Facts, frozen=True):
    """When anything was last heard of the thing itself."""

    section: ClassVar[str] = "heard"
    schema: ClassVar[int] = 1

    by: Literal["agent", "management", "nobody"]
    """Who tells: its own agent, a sheet of the management (MDM), or nobody ever did."""
    at: Maybe[int | None]
    """Epoch seconds; None: not once yet."""


class WholeFacts(Facts, frozen=True):
    """A school's register as a whole."""

    section: ClassVar[str] = "whole"
    schema: ClassVar[int] = 1

    computers: int
    """Computers in use."""
    told: list[int]
    """Epoch seconds at which each of them last told what is installed on it, those that did."""


SECTIONS = (EntryFacts, HeardFacts, WholeFacts)
