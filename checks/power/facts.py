"""On which evenings a computer was left on."""

from typing import ClassVar

from checks.facts import Facts
from checks.unseen import Maybe


class PowerFacts(Facts, frozen=True):
    """The one section: nothing changes in it while a computer is switched off at night."""

    section: ClassVar[str] = "power"
    schema: ClassVar[int] = 1

    evenings_on: Maybe[list[int]]
    """Days since 1970 whose night, 20:00 to 06:00 UTC, it was certainly awake for an hour in all;
    oldest first, the last eight at most."""
    watched_since: Maybe[int]
    """Epoch seconds since when an agent lives here: of nights before it nobody knows."""


SECTIONS = (PowerFacts,)
