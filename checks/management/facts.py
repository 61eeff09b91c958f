"""Which management (MDM) a computer is enrolled with, and whether it still reaches it.

What leaves a machine is a manager's id from `managers.toml`; no address of a server, no account and
no name of an organisation. One section: while the computer reaches its manager, nothing changes.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe

OTHER = "other"
"""A manager that the list does not know."""
RECENT_SECONDS = 2 * 86_400
"""Who was reached within that is not silent: a nightly date would be news every night."""
Contact = Literal["recent", "past", "never"]


class Enrolment(msgspec.Struct, frozen=True):
    """One enrolment that is in force."""

    manager: str
    """An id from `managers.toml`, or `other`."""
    supervised: Maybe[bool | None]
    """Whether the manager may do all that it needs to (approved by the user, or from the first
    start); None: this system knows no such difference."""
    contact: Maybe[Contact]
    """`recent`: within two days before the look; `past`: not since `silent_since`."""
    silent_since: Maybe[int | None]
    """Epoch seconds of the last time the manager was reached; None unless `contact` is `past`."""
    online_seconds: Maybe[int | None]
    """Seconds that the computer was surely on and connected since then, a day at most; None unless
    `contact` is `past`."""


class ManagementFacts(Facts, frozen=True):
    """The one section."""

    section: ClassVar[str] = "management"
    schema: ClassVar[int] = 1

    enrolments: Maybe[list[Enrolment]]
    """By manager; an empty list: it is enrolled nowhere."""
    domain: Maybe[bool]
    """Whether it belongs to a domain, whose policies reach it only in the school."""


SECTIONS = (ManagementFacts,)
