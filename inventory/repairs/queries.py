"""What is away for repair, and what came back."""

from collections.abc import Collection
from typing import Final

import msgspec

from inventory.assets.queries import some
from inventory.models import Asset, Away
from inventory.repairs.comparing import Inside, read

MOST: Final = 500
"""Of each list on the page; newest returns first, longest awaited first."""


class Trip(msgspec.Struct, frozen=True):
    """One time away. `expected_on` "" where nobody said; `returned_at` None while it is away."""

    id: str
    site: str
    asset: str
    sent_at: int
    sent_by: str
    repairer: str
    reference: str
    fault: str
    drive: str
    personal_data: str
    expected_on: str
    before: Inside
    returned_at: int | None
    answered_at: int | None
    answered_by: str
    answer: str


def away(sites: Collection[str]) -> list[Trip]:
    """What is away now; first what should have been back first, then what nobody said of."""
    rows = Away.objects.filter(site__in=sites, returned_at=None)
    found = sorted(rows[:MOST], key=lambda row: (row.expected_on or "9", row.sent_at, row.id))
    return [_trip(row) for row in found]


def unanswered(sites: Collection[str]) -> list[Trip]:
    """What is back and was known inside before it went, and of which nobody answered yet."""
    rows = Away.objects.filter(site__in=sites, returned_at__isnull=False, answered_at=None)
    return [_trip(row) for row in rows.exclude(before={}).order_by("-returned_at")[:MOST]]


def without_word(sites: Collection[str]) -> list[str]:
    """Entries that are away for repair and of which nobody said who has them."""
    rows = Asset.objects.filter(site__in=sites, state="repair").exclude(repairs__returned_at=None)
    never = Asset.objects.filter(site__in=sites, state="repair", repairs=None)
    return sorted({*rows.values_list("id", flat=True)[:MOST], *never.values_list("id", flat=True)})


def of_entry(sites: Collection[str], asset_id: str) -> list[Trip]:
    """Every time one entry was away, newest first."""
    rows = Away.objects.filter(site__in=sites, asset=asset_id).order_by("-sent_at", "-id")
    return [_trip(row) for row in rows[:MOST]]


def entries(sites: Collection[str], trips: Collection[Trip]) -> dict[str, dict[str, object]]:
    """The values of their entries, by id."""
    return {row["id"]: row for row in some(sites, {trip.asset for trip in trips})}


def _trip(row: Away) -> Trip:
    return Trip(
        row.id,
        row.site_id,
        row.asset_id,
        row.sent_at,
        row.sent_by,
        row.repairer,
        row.reference,
        row.fault,
        row.drive,
        row.personal_data,
        row.expected_on,
        read(row.before),
        row.returned_at,
        row.answered_at,
        row.answered_by,
        row.answer,
    )
