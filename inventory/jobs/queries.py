"""The inbox: what is open, what was done."""

from collections.abc import Collection
from typing import Any, Final

from inventory.models import Job

MOST: Final = 100
_NAMED: Final = (
    *("id", "site_id", "asset_id", "kind", "said", "contact", "told_at", "done_at", "done_by"),
    *("note", "asset__kind", "asset__name", "asset__tag", "asset__make", "asset__model"),
    *("asset__serial", "asset__room_id", "asset__state"),
)


def jobs(
    sites: Collection[str], *, done: bool, most: int = MOST, asset_id: str = ""
) -> list[dict[str, Any]]:
    """Jobs of these schools, or of one entry, as rows, those told last first; of what is done, the
    newest."""
    rows = Job.objects.filter(site__in=sites, **({"asset_id": asset_id} if asset_id else {}))
    chosen = rows.exclude(done_at=None) if done else rows.filter(done_at=None)
    order = ("-done_at", "-id") if done else ("-told_at", "-id")
    found = chosen.order_by(*order).values(*_NAMED)[:most]
    return [{name.replace("asset__", "thing_"): row[name] for name in _NAMED} for row in found]


def open_count(sites: Collection[str]) -> int:
    """How many are open."""
    return Job.objects.filter(site__in=sites, done_at=None).count()


def site_of(sites: Collection[str], job_id: str) -> str:
    """The school of a job, "" where it is none of these schools'."""
    rows = Job.objects.filter(site__in=sites, id=job_id).values_list("site_id", flat=True)
    return rows.first() or ""
