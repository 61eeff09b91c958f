"""What was done in one step: who, when, to which entries, and whether it can be taken back."""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from django.db.models import Count, Min

from inventory.assets.undoing import any_elsewhere, is_still, left_by
from inventory.assets.writing import values_of
from inventory.many import by_id
from inventory.models import Asset, AssetEvent

SHOWN: Final = 100
"""Entries of a step on one page."""
MOST_UNDONE: Final = 5_000
"""Entries that are put back while somebody waits for a page; more is the command's."""


class Touched(msgspec.Struct, frozen=True):
    """One entry of a step: its values now, what the step changed, and whether that still stands."""

    values: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    stands: bool


class StepDone(msgspec.Struct, frozen=True):
    """A step. `verbs`: what happened → to how many; `entries`: the first SHOWN after `after`;
    `next`: where the rest begins, ""; `elsewhere`: it is undone where it was done."""

    id: str
    site: str
    at: int
    actor: str
    source: str
    verbs: dict[str, int]
    number: int
    entries: list[Touched]
    next: str
    elsewhere: bool


def step(sites: Collection[str], batch: str, after: str = "") -> StepDone | None:
    """A step of one of these schools; None where there is none such. `after`: the id of the last
    entry on the page before."""
    events = AssetEvent.objects.filter(site__in=sites, batch=batch)
    first = events.order_by("at", "asset_id", "seq").first()
    if first is None:
        return None
    counted = events.values_list("verb").annotate(n=Count("asset", distinct=True)).order_by()
    verbs = dict(counted)
    summed = events.aggregate(entries=Count("asset", distinct=True), at=Min("at"))
    found = events.filter(asset__gt=after).order_by("asset_id").values_list("asset_id", flat=True)
    ids = list(found.distinct()[: SHOWN + 1])
    shown = ids[:SHOWN]
    return StepDone(
        id=batch,
        site=first.site_id,
        at=summed["at"],
        actor=first.actor,
        source=first.source,
        verbs=verbs,
        number=summed["entries"],
        entries=_touched(first.site_id, batch, shown),
        next=shown[-1] if len(ids) > SHOWN else "",
        elsewhere=any_elsewhere(events),
    )


def size(sites: Collection[str], batch: str) -> tuple[str, int] | None:
    """The school of a step and how many entries it is of; None where there is none such."""
    events = AssetEvent.objects.filter(site__in=sites, batch=batch)
    found = (
        events.order_by("site_id").values_list("site_id").annotate(n=Count("asset", distinct=True))
    )
    return found.first()


def _touched(site_id: str, batch: str, ids: Collection[str]) -> list[Touched]:
    events = AssetEvent.objects.filter(site_id=site_id, batch=batch, asset_id__in=list(ids))
    newest_first = list(events.order_by("asset_id", "-seq"))
    left = left_by(newest_first)
    before: dict[str, dict[str, Any]] = {}
    after: dict[str, dict[str, Any]] = {}
    for event in newest_first:
        after[event.asset_id] = {**event.after, **after.get(event.asset_id, {})}
        before[event.asset_id] = {**before.get(event.asset_id, {}), **event.before}
    return [
        Touched(
            {**values_of(row), "id": row.id},
            before[row.id],
            after[row.id],
            is_still(row, left[row.id]),
        )
        for row in by_id(Asset.objects.filter(site_id=site_id), ids)
    ]
