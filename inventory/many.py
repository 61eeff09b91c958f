"""Questions about many ids: asked in parts, so that no database's limit on the values of one
question decides how many things a school may choose at once.

SQLite takes 999 values as Django counts, 32,766 as it is commonly built and 250,000 on Debian;
PostgreSQL 65,535.
"""

from collections.abc import Collection, Iterator
from typing import Final, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

PART: Final = 500


def parts(ids: Collection[str]) -> Iterator[list[str]]:
    """The ids once each, in their order, not more than PART at a time."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), PART):
        yield ordered[start : start + PART]


def by_id(rows: QuerySet[M], ids: Collection[str]) -> list[M]:
    """Those of `rows` with these ids, in the order of ids: whoever locks rows so never waits in a
    circle."""
    return [row for part in parts(ids) for row in rows.filter(pk__in=part).order_by("pk")]
