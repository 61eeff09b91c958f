"""What is known about locking: rules in force per account, and (drifting) the sessions now."""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe

Locker = Literal[
    "gnome",
    "kde",
    "xfce",
    "mate",
    "cinnamon",
    "light-locker",
    "xscreensaver",
    "other",
]


class Rule(msgspec.Struct, frozen=True):
    """How one account's screen locks on one desktop, as it is in force now."""

    user: str
    """The account's per-device alias, never its name."""

    locker: Locker
    idle_seconds: Maybe[int]
    """Seconds without input until the screen blanks; 0 = never."""
    locks: Maybe[bool]
    """Whether blanking leads to a locked screen, and locking is possible at all."""

    grace_seconds: Maybe[int]
    """Seconds between blanking and locking, during which any key opens the screen again."""

    on_resume: Maybe[bool]
    """Whether waking from sleep asks for the password."""

    changeable: Maybe[bool]
    """Whether the user can change the idle time or switch locking off."""


class LockingFacts(Facts, frozen=True):
    """The steady section: rules of every person's account on every desktop they can sign in to."""

    section: ClassVar[str] = "locking"
    schema: ClassVar[int] = 1

    rules: Maybe[list[Rule]]
    """One per account and desktop; an empty list: nobody has an account that can sign in to a
    desktop."""

    machine_idle_seconds: Maybe[int | None]
    """A limit on the whole machine (logind IdleAction=lock); None = not set."""


class Session(msgspec.Struct, frozen=True):
    """Somebody's interactive session now."""

    user: str
    remote: bool
    locked: Maybe[bool]
    """Unseen when the desktop's locker does not tell logind (a `no` there would prove nothing)."""

    idle_seconds: Maybe[int]
    logon_at: Maybe[int]
    """Epoch seconds."""


class LockingNow(Facts, frozen=True):
    """The drifting section: interactive graphical sessions at the time of looking."""

    section: ClassVar[str] = "locking_now"
    schema: ClassVar[int] = 1

    sessions: Maybe[list[Session]]


SECTIONS = (LockingFacts, LockingNow)
