"""Entries that are on their way out: only their disposal moves them (I1, I16)."""

from collections.abc import Collection, Iterable
from typing import Final

from inventory.assets.errors import RegisterError
from inventory.many import parts
from inventory.models import Asset, Disposal

VERB: Final = "disposal."
"""How the verbs of events begin that a disposal wrote; nothing else takes those back."""


def leaving(asset_ids: Collection[str]) -> set[str]:
    """Which of these entries have a disposal that is not over."""
    return {
        asset_id
        for part in parts(asset_ids)
        for asset_id in Disposal.objects.filter(asset_id__in=part, closed_at=None).values_list(
            "asset_id", flat=True
        )
    }


def leaving_of(site_id: str) -> set[str]:
    """All of a school's."""
    rows = Disposal.objects.filter(site_id=site_id, closed_at=None)
    return set(rows.values_list("asset_id", flat=True))


def check_none(rows: Iterable[Asset]) -> None:
    """Raise RegisterError where one of these is on its way out."""
    named = {row.id: row.tag or row.name or "This" for row in rows}
    if found := sorted(leaving(named)):
        raise RegisterError(
            "leaving",
            f"{named[found[0]]} is on its way out, so only its disposal moves it. Take it back "
            "into use there first.",
            "state",
        )
