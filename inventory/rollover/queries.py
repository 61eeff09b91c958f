"""The rollovers of a school."""

from collections.abc import Collection
from typing import Final

import msgspec
from django.db.models import Count

from inventory.models import Asset, Person, Rollover

MOST: Final = 20
"""Earlier ones a page lists."""
MOST_PEOPLE: Final = 5_000


class Done(msgspec.Struct, frozen=True):
    """One rollover as it was done."""

    id: str
    site: str
    at: int
    actor: str
    moves: list[list[str | int]]
    batch: str
    leavers: list[list[str]]
    undone_at: int | None
    undone_by: str


def one(sites: Collection[str], rollover_id: str) -> Done | None:
    """One of them; None where it is not of these schools."""
    row = Rollover.objects.filter(site__in=sites, id=rollover_id).first()
    return _done(row) if row else None


def newest(sites: Collection[str]) -> list[Done]:
    """The last few, newest first."""
    return [_done(row) for row in Rollover.objects.filter(site__in=sites).order_by("-at")[:MOST]]


def people(site_id: str) -> list[tuple[str, str, str]]:
    """Id, name and reference of those known at a school, by name."""
    rows = Person.objects.filter(site_id=site_id).exclude(name="").order_by("name", "id")
    return list(rows.values_list("id", "name", "reference")[:MOST_PEOPLE])


def still_have(site_id: str, person_ids: Collection[str]) -> dict[str, int]:
    """Person → how many things of the school they have."""
    rows = Asset.objects.filter(site_id=site_id, holder__in=list(person_ids))
    return dict(rows.values_list("holder").annotate(n=Count("id")).order_by())


def _done(row: Rollover) -> Done:
    return Done(
        row.id,
        row.site_id,
        row.at,
        row.actor,
        row.moves,
        row.batch,
        row.leavers,
        row.undone_at,
        row.undone_by,
    )
