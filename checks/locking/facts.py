"""What is known about locking: rules in force per account, and (drifting) the sessions now."""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.layers import Layer
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
    "windows",
    "macos",
]


class Rule(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one account's screen locks on one desktop, as it is in force now."""

    user: str
    """The account's per-device alias, never its name."""

    locker: Locker
    idle_seconds: Maybe[int]
    """Seconds without input until the screen blanks (Windows: until the account's own screen saver
    begins); 0 = never."""
    locks: Maybe[bool]
    """Whether blanking leads to a locked screen, and locking is possible at all."""

    grace_seconds: Maybe[int]
    """Seconds between blanking and locking, during which any key opens the screen again."""

    on_resume: Maybe[bool]
    """Whether waking from sleep asks for the password."""

    changeable: Maybe[bool]
    """Whether the user can change the idle time or switch locking off."""

    decided_by: Maybe[Layer] = UNSUPPORTED
    """Who decided `idle_seconds`."""

    possible: Maybe[bool] = UNSUPPORTED
    """Windows: whether this account's screen can be locked at all, by whatever means."""

    wake_grace_seconds: Maybe[int] = UNSUPPORTED
    """Windows with modern standby: seconds after the screen went off during which it opens again
    without the password."""

    loaded: bool = True
    """Windows and macOS: False where the account is not signed in, so that settings of its own are
    `deferred`. Every earlier reader reads them whoever is signed in."""


class LockingFacts(Facts, frozen=True):
    """The steady section: rules of every person's account on every desktop they can sign in to."""

    section: ClassVar[str] = "locking"
    schema: ClassVar[int] = 2

    rules: Maybe[list[Rule]]
    """One per account and desktop; an empty list: nobody has an account that can sign in to a
    desktop."""

    machine_idle_seconds: Maybe[int | None]
    """A limit on the whole machine (logind IdleAction=lock, Windows' inactivity limit); None = not
    set."""

    machine_decided_by: Maybe[Layer | None] = UNSUPPORTED
    """Who set the limit on the whole machine; None = nobody."""


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
