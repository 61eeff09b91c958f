"""A disposal is the fold of its events, and every step passes its guards (I1).

Pure: no clock, no rows, no I/O. `apply` is the one way a step is taken. `replay` reads a history
that was judged step by step when it was made; `fold` judges it all again.
"""

from collections.abc import Iterable, Mapping

from inventory.disposal.events import Event
from inventory.disposal.evolving import evolve
from inventory.disposal.guards.table import TABLE, Table
from inventory.disposal.now import NOTHING, Now
from inventory.disposal.refusing import Refused
from inventory.disposal.rules import Rules

__all__ = ["NOTHING", "Now", "Refused", "apply", "fold", "replay"]


def apply(now: Now, event: Event, rules: Rules, table: Table = TABLE) -> Now:
    """The disposal after one more step. Raises Refused; `now` is never changed.

    `table` is for tests, which take guards out.
    """
    for check in table[type(event)]:
        check(now, event, rules)
    return evolve(now, event, rules)


def fold(history: Iterable[Event], rulebook: Mapping[str, Rules], table: Table = TABLE) -> Now:
    """The disposal after its whole history, each step judged again by the rules it was made under.

    Raises Refused for the first step that does not hold, or whose rules are not in the book.
    """
    now = NOTHING
    for event in history:
        now = apply(now, event, _rules(rulebook, event), table)
    return now


def replay(history: Iterable[Event], rulebook: Mapping[str, Rules]) -> Now:
    """The disposal after a history whose steps are not judged again: a later release that asks for
    more does not make what was done before unreadable. Raises Refused where rules are not in the
    book."""
    now = NOTHING
    for event in history:
        now = evolve(now, event, _rules(rulebook, event))
    return now


def _rules(rulebook: Mapping[str, Rules], event: Event) -> Rules:
    rules = rulebook.get(event.rules)
    if rules is None:
        raise Refused("other_rules")
    return rules
