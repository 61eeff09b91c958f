"""Where sign-ins are written down, how much of it is kept, and what the sign-in screen tells.

Nothing of what is logged leaves a machine, nor any text: of a notice only a hash goes.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe

Kind = Literal["windows", "journal", "syslog", "audit"]
"""`windows`: the security log; `journal`: systemd's; `syslog`: rsyslog's text files; `audit`:
macOS's own, or Linux' auditd."""


class Trail(msgspec.Struct, frozen=True):
    """One log that sign-ins may be written to."""

    kind: Kind
    success: Maybe[bool]
    """Whether it holds who signed in."""
    failure: Maybe[bool]
    """Whether it holds who tried and failed."""
    log_bytes: Maybe[int | None]
    """Bytes it may grow to before the oldest goes; None: something other than its size limits
    it."""
    oldest_at: Maybe[int | None]
    """When its oldest record was written, epoch seconds, put off to the end of that week so that a
    full log does not change every night; None: nothing has been left behind yet."""


class Banner(msgspec.Struct, frozen=True):
    """The screen that people sign in at."""

    screen: Literal["graphical", "console"]
    shown: Maybe[bool]
    text_sha256: Maybe[str | None]
    """Of its words with single spaces between them; None: there is no text."""


class LoggingFacts(Facts, frozen=True):
    """The one section."""

    section: ClassVar[str] = "logging"
    schema: ClassVar[int] = 1

    trails: Maybe[list[Trail]]
    """An empty list: nothing writes sign-ins down."""
    clock_kept: Maybe[bool]
    """Whether something sets the clock by another's."""
    banners: Maybe[list[Banner]]
    """Never empty."""


SECTIONS = (LoggingFacts,)
