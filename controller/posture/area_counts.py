"""How each area of checks stands, counted in computers: one statement over the open verdicts.

A computer counts once per area, with its worst result there. What it last said counts as kept only
while it is heard from; a known fault counts however old it is.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection

from checks.catalogue import catalogue

AreaCounts = dict[str, dict[str, int]]

_RANKS: Final = {4: "attention", 3: "unchecked", 2: "look", 1: "kept"}
_STATUS_RANK: Final = (
    "CASE v.status WHEN 'fail' THEN 4 WHEN 'warn' THEN 2 WHEN 'pass' THEN 1 "
    "WHEN 'not-applicable' THEN 0 ELSE 3 END"
)
_STATEMENT: Final = """
SELECT area, standing, COUNT(*) FROM (
    SELECT area, CASE WHEN worst BETWEEN 1 AND 2 AND fresh = 0 THEN 3 ELSE worst END AS standing
    FROM (
        SELECT {area} AS area, v.device_id, MAX({rank}) AS worst,
               MAX(CASE WHEN d.last_seen_at >= %s THEN 1 ELSE 0 END) AS fresh
        FROM fleet_verdict v JOIN fleet_device d ON d.id = v.device_id
        WHERE d.site_id IN ({sites}) AND d.state = 'active'
        GROUP BY 1, v.device_id
    ) AS each_device
) AS each_area
WHERE standing > 0
GROUP BY area, standing
"""


def area_counts(sites: Sequence[str], heard_since: int) -> AreaCounts:
    """`{domain: {attention, unchecked, look, kept}}`; areas nobody was checked for are absent."""
    if not sites:
        return {}
    checks = {check: domain.name for domain in catalogue().domains for check in domain.checks}
    area, names = _area_case(checks)
    statement = _STATEMENT.format(
        area=area, rank=_STATUS_RANK, sites=", ".join(["%s"] * len(sites))
    )
    counts: AreaCounts = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [*names, heard_since, *sites])
        for domain, rank, number in cursor.fetchall():
            counts.setdefault(domain, dict.fromkeys(_RANKS.values(), 0))[_RANKS[rank]] += number
    return counts


def _area_case(checks: Mapping[str, str]) -> tuple[str, list[str]]:
    """`CASE check_id …` with its parameters; one branch per check of the catalogue."""
    if not checks:
        return "'other'", []
    whens = " ".join(["WHEN %s THEN %s"] * len(checks))
    return f"CASE v.check_id {whens} ELSE 'other' END", [x for pair in checks.items() for x in pair]
