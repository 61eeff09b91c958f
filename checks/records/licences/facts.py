"""What the register says of licences: for each program that is bought, how many have it, and how
many may.

Gathered by the controller from its own database, so nothing here is `Maybe`. Licences that cover
the same title are one group: ten seats and fifteen are twenty-five, and a suite covers its parts.
"""

from typing import ClassVar

import msgspec

from checks.facts import Facts


class Group(msgspec.Struct, frozen=True):
    """Titles that are licensed together, or one that has no licence."""

    title: str
    """What the group is called: its title with the most computers."""
    installs: int
    """Computers in use that have any of the titles."""
    recorded: int
    """Licences on record, those that ended too."""
    seats: int | None
    """Computers that may have it, by the licences that still hold. None: as many as there are, or
    counted by user, which no computer tells."""
    users_over: int = 0
    """Users beyond the seats of licences by user, as a person counted them."""
    expired: int = 0
    """Licences whose day is past."""
    expires_on: str = ""
    """The first day on which one that holds ends, `YYYY-MM-DD`; "" for none."""


class LicenceFacts(Facts, frozen=True):
    """All programs of a school that are bought."""

    section: ClassVar[str] = "licences"
    schema: ClassVar[int] = 1

    groups: list[Group]


SECTIONS = (LicenceFacts,)
