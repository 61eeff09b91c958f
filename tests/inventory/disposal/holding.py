"""What must hold at every accepted step, each property with a name and the invariants it restates.

Each is judged from what the events before it said (`watching.Ghost`), the step and the rules.
"""

from collections.abc import Iterator
from typing import Final

from inventory.disposal.events import Event
from inventory.disposal.rules import Rules
from inventory.disposal.spelling import KINDS
from tests.inventory.disposal import holding_media, holding_people
from tests.inventory.disposal.holding_people import Property
from tests.inventory.disposal.watching import Ghost

PROPERTIES: Final = (*holding_people.PROPERTIES, *holding_media.PROPERTIES)


def _by_step() -> dict[type, list[tuple[str, Property]]]:
    table: dict[type, list[tuple[str, Property]]] = {kind: [] for kind in KINDS.values()}
    for name, steps, holds in PROPERTIES:
        for tag in KINDS if steps == "*" else steps.split():
            table[KINDS[tag]].append((name, holds))
    return table


_BY_STEP: Final = _by_step()


def broken(ghost: Ghost, event: Event, rules: Rules) -> Iterator[str]:
    """The properties that do not hold for a step that was accepted."""
    for name, holds in _BY_STEP[type(event)]:
        if not holds(ghost, event, rules):
            yield name
