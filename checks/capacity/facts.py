"""What a computer's batteries still hold. Free space is read with the hardware and drifts there."""

from typing import ClassVar

import msgspec

from checks.facts import Facts
from checks.unseen import Maybe


class Battery(msgspec.Struct, frozen=True):
    """One battery that feeds the computer itself, not a mouse."""

    holds_percent: Maybe[int]
    """Of what it held when it was new, whole percent, rounded down, at most 100: its number of
    charges is left out because it changes on every ordinary day."""


class CapacityFacts(Facts, frozen=True):
    """The one section; a computer without a battery has none."""

    section: ClassVar[str] = "capacity"
    schema: ClassVar[int] = 1

    batteries: Maybe[list[Battery]]
    """Never empty, weakest first; those nobody could measure stand last."""


SECTIONS = (CapacityFacts,)
