"""How computers stand, by sets of results as they are kept: one statement for the whole school.

What a set means is worked out once, however many computers have it and however often it is asked.
"""

import functools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

from controller.fleet.standings import Result

_STATEMENT: Final = """
SELECT s.results, g.fresh, g.computers
FROM (
    SELECT standing, CASE WHEN last_seen_at >= %s AND left_at IS NULL THEN 1 ELSE 0 END AS fresh,
           COUNT(*) AS computers
    FROM fleet_device
    WHERE site_id IN ({sites}) AND state = 'active' AND standing IS NOT NULL
    GROUP BY 1, 2
) g JOIN fleet_standing s ON s.id = g.standing
"""
SETS: Final = 8_192
"""Sets whose meaning is remembered; a school of 5,000 has some hundreds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The same results on `computers` computers: (check, status, severity) each."""

    results: tuple[Result, ...]
    fresh: bool
    computers: int


def standings(sites: Sequence[str], heard_since: int) -> list[Standing]:
    """Every set of results there is among the active computers of these schools."""
    if not sites:
        return []
    statement = _STATEMENT.format(sites=", ".join(["%s"] * len(sites)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [heard_since, *sites])
        rows = cursor.fetchall()
    return [Standing(_read(text), bool(fresh), number) for text, fresh, number in rows if text]


@functools.lru_cache(SETS)
def _read(text: str) -> tuple[Result, ...]:
    """A set of results; each result is held once, whatever sets it is in."""
    found = (_result(one) for one in text.split(","))
    return tuple(result for result in found if result is not None)


@functools.lru_cache(SETS)
def _result(text: str) -> Result | None:
    """Ids, statuses and severities are ours and hold no space; anything else is left out."""
    parts = text.split(" ")
    return (sys.intern(parts[0]), sys.intern(parts[1]), parts[2]) if len(parts) == 3 else None
