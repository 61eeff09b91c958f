"""How computers stand, grouped by identical sets of results: one statement for the whole school.

Most computers of a school have exactly the results of their neighbours, so the database joins the
results of each into one text, equal texts are counted, and what a text means is worked out once.
Over 5,000 computers this takes a fifth of grouping their verdicts by area in SQL.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

_STATEMENT: Final = """
SELECT (SELECT {join} FROM fleet_verdict v WHERE v.device_id = d.id),
       CASE WHEN d.last_seen_at >= %s AND d.left_at IS NULL THEN 1 ELSE 0 END
FROM fleet_device d WHERE d.site_id IN ({sites}) AND d.state = 'active'
"""
_ONE: Final = "v.check_id || ' ' || v.status || ' ' || v.severity"
_JOIN: Final = {
    "sqlite": f"group_concat({_ONE}, ',')",
    "postgresql": f"string_agg({_ONE}, ',' ORDER BY v.check_id)",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The same results on `computers` computers: (check, status, severity) each."""

    results: tuple[tuple[str, str, str], ...]
    fresh: bool
    computers: int


def standings(sites: Sequence[str], heard_since: int) -> list[Standing]:
    """Every set of results there is among the active computers of these schools."""
    if not sites:
        return []
    places = ", ".join(["%s"] * len(sites))
    statement = _STATEMENT.format(join=_JOIN[connection.vendor], sites=places)
    with connection.cursor() as cursor:
        cursor.execute(statement, [heard_since, *sites])
        alike = Counter(cursor.fetchall())
    return [
        Standing(_read(pattern), bool(fresh), number)
        for (pattern, fresh), number in alike.items()
        if pattern
    ]


def _read(pattern: str) -> tuple[tuple[str, str, str], ...]:
    """Ids, statuses and severities are ours and hold no space; anything else is left out."""
    parts = (one.split(" ") for one in pattern.split(","))
    return tuple((part[0], part[1], part[2]) for part in parts if len(part) == 3)
