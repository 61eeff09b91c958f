"""What every part of the round is given, what it gives back, and which parts there are.

A part is a module with `run(asked) -> Told`. It asks only what `asked.scope.may(address, mac)`
allows, at the pace handed in, says what it could not see as problems, and raises nothing but
KeyboardInterrupt: one part that breaks is told as broken, and the others go on.
"""

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from agent.survey.pace import Pace
from agent.survey.scope import Scope
from checks.surveys.equipment import Equipment
from checks.surveys.lan import Door, Problem
from checks.unseen import Maybe, Unseen

Question = Literal["sweep", "dhcp", "names", "snmp", "ssh", "service", "air"]


class Alive(msgspec.Struct, frozen=True):
    """Something that answered on the wire. Its MAC, made up for privacy or not, is for this round
    only: sections tell no made-up one."""

    address: str
    mac: str


class Progress(msgspec.Struct, frozen=True):
    """How far a part is, for a person at a terminal: counts only."""

    part: Question
    done: int
    of: int
    found: int


class Asked(msgspec.Struct, frozen=True):
    """What one part of a round gets."""

    scope: Scope
    alive: Sequence[Alive]
    """What answered, already without what the scope bars."""
    pace: Pace
    key: Path
    """The folder of secrets and pinned keys; of the scanner's own account."""
    now: Callable[[], int]
    """Epoch seconds UTC."""
    closes_at: int
    """When everything has to have ended (`Scope.closes_at`)."""
    told: Callable[[Progress], None]
    equipment: Sequence[Equipment] = ()
    """What earlier parts asked, and what it is."""


class Told(msgspec.Struct, frozen=True):
    """What a part came to."""

    equipment: list[Equipment] = []
    doors: Maybe[list[Door]] = Unseen("unsupported")
    problems: list[Problem] = []
    frames: int = 0
    questions: int = 0


Part = Callable[[Asked], Told]
PARTS: Final[tuple[tuple[Question, str], ...]] = (
    ("snmp", "agent.survey.snmp"),
    ("ssh", "agent.survey.ssh"),
    ("service", "agent.survey.doors"),
)
"""In this order, after the wire itself. Equipment that an earlier part reached is passed over where
a later one reaches it too."""


def parts() -> list[tuple[Question, Part]]:
    """Those that are there. What a part needs may not be installed: then it is not there."""
    found = []
    for name, module in PARTS:
        try:
            run = getattr(importlib.import_module(module), "run", None)
        except ModuleNotFoundError:
            continue
        if run is not None:
            found.append((name, run))
    return found
