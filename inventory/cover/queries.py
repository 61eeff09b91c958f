"""What is away from school at this moment, and the limit that was written down (S27)."""

from collections.abc import Collection

import msgspec
from django.db.models import Count, Q, Sum

from inventory.models import Allocation, Asset, AwayCover


class Away(msgspec.Struct, frozen=True):
    """What is given out to go home or is away for repair: how many things, how many of them for
    repair, what they cost when bought in pence, and of how many no cost is entered."""

    things: int = 0
    repairs: int = 0
    pence: int = 0
    unpriced: int = 0


class Limit(msgspec.Struct, frozen=True):
    """What was written down last, in pence, by whom and when."""

    version: int
    pence: int
    at: int
    by: str


def away(sites: Collection[str]) -> Away:
    """One question, however much is away; a thing lent to go home and away for repair is one."""
    home = Allocation.objects.filter(site__in=sites, until=None, goes_home=True).values("asset")
    out = Asset.objects.filter(Q(state="repair") | Q(id__in=home), site__in=sites)
    found = out.aggregate(
        things=Count("id"),
        repairs=Count("id", filter=Q(state="repair")),
        pence=Sum("cost_pence", default=0),
        unpriced=Count("id", filter=Q(cost_pence=None)),
    )
    return Away(**{name: int(number) for name, number in found.items()})


def limit(site_id: str) -> Limit | None:
    """What holds now; None where nobody wrote one down."""
    row = AwayCover.objects.filter(site_id=site_id).order_by("-version").first()
    return Limit(row.version, row.limit_pence, row.at, row.changed_by) if row else None
