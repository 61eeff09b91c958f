"""What the register says of licences: for each program that is bought, how many have it, and what
the school may.

Gathered by the controller from its own database, so nothing here is `Maybe`. Licences that cover
the same title are one group: ten seats and fifteen are twenty-five, and a suite covers its parts.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import Facts

Counts = Literal["computer", "user", "site"]


class Entitlement(msgspec.Struct, frozen=True):
    """One licence on record."""

    counts: Counts
    """What a seat is; `site` is for as many as there are."""
    seats: int | None
    given: int | None
    """By `user`: how many people have one, as a person counted; nothing reports it."""
    expires_on: str
    """Its last day, `YYYY-MM-DD`; "" for none."""


class Group(msgspec.Struct, frozen=True):
    """Titles that are licensed together, or one that has no licence."""

    title: str
    """What the group is called: its title with the most computers."""
    installs: int
    """Computers in use that have any of the titles."""
    licences: list[Entitlement]


class LicenceFacts(Facts, frozen=True):
    """All programs of a school that are bought."""

    section: ClassVar[str] = "licences"
    schema: ClassVar[int] = 1

    groups: list[Group]


SECTIONS = (LicenceFacts,)
