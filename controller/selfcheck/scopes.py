"""Whether somebody has to authorise the rounds of a school's network again (network.md §4)."""

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError

from controller.selfcheck.findings import Finding
from controller.surveys.publishing import DAY
from controller.surveys.standing import Standing, standings
from inventory import queries as register


def look(data: Path, at: int) -> Iterator[Finding]:
    """The one scope that needs it most; nothing when the database is away, as others say."""
    try:
        rows = [one for site in register.site_ids() for one in standings(site, data, at)]
    except DatabaseError:
        return
    found = [_one(row, at) for row in rows if row.stands != "ended"]
    if found:
        yield max(found, key=lambda one: ("ok", "warn", "bad").index(one.state))


def _one(row: Standing, at: int) -> Finding:
    days = {"site": row.scope.site, "days": str(abs(row.scope.expires_at - at) // DAY)}
    match row.stands:
        case "disbelieved":
            return Finding("scope", "bad", "unsigned", {"site": row.scope.site})
        case "over":
            return Finding("scope", "bad", "over", days)
        case "soon":
            return Finding("scope", "warn", "soon", days)
        case _:
            return Finding("scope", "ok", "ok")
