"""What the school's own filtering and monitoring leave to be seen on one computer.

Only what the school's policy names is looked for, so this section is empty where it names nothing.
Names here are the policy's own words: programs by the glob that asked for them, test pages by host
name. What a page held never leaves the computer.
"""

from typing import ClassVar

import msgspec

from checks.facts import Facts
from checks.tried import Answered
from checks.unseen import Maybe


class Agent(msgspec.Struct, frozen=True):
    """One program the policy names, as it was asked for."""

    asked: str
    installed: Maybe[bool]
    """A service, a start file or a running program of that name is there."""
    running: Maybe[bool]


class Page(msgspec.Struct, frozen=True):
    """One test page, and what came of trying it."""

    name: str
    found: Answered


class FilteringFacts(Facts, frozen=True):
    """The one section. It does not drift: when the pages were tried is left out, and what was found
    two days ago counts as too old to be a fact."""

    section: ClassVar[str] = "filtering"
    schema: ClassVar[int] = 1
    by_policy: ClassVar[bool] = True

    agents: Maybe[list[Agent]]
    """In the order of their names; empty: the policy named none when this was looked at."""
    pages: Maybe[list[Page]]
    """In the order of their names; empty: none was tried yet."""


SECTIONS = (FilteringFacts,)
