"""Searches somebody sees: their own, and what colleagues share."""

from collections.abc import Collection

import msgspec
from django.db.models import Q

from inventory.models import SavedFilter


class Kept(msgspec.Struct, frozen=True):
    """One search. `query` as an address has it; `mine`: whoever asks made it."""

    id: str
    site: str
    name: str
    query: str
    shared: bool
    mine: bool


def seen_by(person: str, sites: Collection[str]) -> list[Kept]:
    """At these schools, by name."""
    rows = SavedFilter.objects.filter(Q(made_by=person) | Q(shared=True), site__in=sites)
    return [
        Kept(row.id, row.site_id, row.name, row.query, row.shared, row.made_by == person)
        for row in rows.order_by("name", "id")[:200]
    ]


def site_of(person: str, sites: Collection[str], filter_id: str) -> str | None:
    """The school of a search of theirs; None where there is none such."""
    rows = SavedFilter.objects.filter(made_by=person, site__in=sites, id=filter_id)
    return rows.values_list("site_id", flat=True).first()
