"""Deliveries, and how much of each arrived."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import Count, Q

from inventory.assets.states import GONE
from inventory.many import parts
from inventory.models import Delivery, DeliveryItem

MOST: Final = 100


def deliveries(sites: Collection[str]) -> list[dict[str, Any]]:
    """The newest, as rows with `expected` and `arrived`."""
    rows = Delivery.objects.filter(site__in=sites, undone_at=None)
    counted = rows.annotate(
        expected=Count("items"), arrived=Count("items", filter=Q(items__arrived_at__isnull=False))
    )
    return list(
        counted.order_by("-made_at", "-id").values(
            "id", "site_id", "name", "batch", "made_at", "made_by", "expected", "arrived"
        )[:MOST]
    )


def awaited(sites: Collection[str], asset_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Of these entries, those that stand in a delivery: `delivery`, `delivery_name`, `made_at` and
    what the entry goes by, by its id."""
    rows = DeliveryItem.objects.filter(site__in=sites, delivery__undone_at=None)
    there = rows.exclude(asset__state__in=GONE)
    names = ("tag", "serial", "name", "make", "model", "kind")
    found: dict[str, dict[str, Any]] = {}
    for part in parts(asset_ids):
        values = there.filter(asset_id__in=part).values(
            *("asset_id", "delivery_id", "delivery__name", "delivery__made_at"),
            *(f"asset__{name}" for name in names),
        )
        for row in values:
            found[row["asset_id"]] = {
                "delivery": row["delivery_id"],
                "delivery_name": row["delivery__name"],
                "made_at": row["delivery__made_at"],
                **{name: row[f"asset__{name}"] for name in names},
            }
    return found


def one(sites: Collection[str], delivery_id: str) -> dict[str, Any] | None:
    """A delivery with its `items`: `asset`, `tag`, `serial`, `arrived_at`, those missing first;
    None where it is none of these schools'."""
    found = Delivery.objects.filter(site__in=sites, id=delivery_id, undone_at=None).first()
    if found is None:
        return None
    items = DeliveryItem.objects.filter(delivery=found).order_by("asset__tag", "asset__serial")
    names = ("asset_id", "asset__tag", "asset__serial", "asset__kind", "arrived_at")
    rows = [
        {name.replace("asset__", "").replace("asset_id", "asset"): row[name] for name in names}
        for row in items.values(*names)
    ]
    return {
        "id": found.id,
        "site": found.site_id,
        "name": found.name,
        "made_at": found.made_at,
        "made_by": found.made_by,
        "items": sorted(rows, key=lambda row: row["arrived_at"] is not None),
    }
