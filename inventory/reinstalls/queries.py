"""Which computers are expected back, and which came."""

from collections.abc import Collection
from typing import Any, Final

import msgspec
from django.db.models import Count, Q
from django.db.models.functions import Lower

from inventory.assets.states import GONE, STATES
from inventory.models import Asset, Reinstall, ReinstallItem

MOST: Final = 500
"""Computers of one request."""
MOST_LISTED: Final = 50
USABLE: Final = tuple(s for s in STATES if s not in {*GONE, "lost", "stolen", "retired"})
"""States in which a thing may come back: what was lost or stolen is looked at by itself."""
_NAMED: Final = ("id", "tag", "name", "make", "model", "serial", "kind", "state")


class Expected(msgspec.Struct, frozen=True):
    """One entry that is expected back, by the newest request that is open."""

    request: str
    reason: str
    made_at: int
    made_by: str
    ends_at: int
    entry: dict[str, Any]


class Chosen(msgspec.Struct, frozen=True):
    """What somebody means; the first of these that says anything counts. `tags` in lower case."""

    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    place: str = ""
    """A room (with what is in its trolleys), set or trolley."""


def choose(site_id: str, chosen: Chosen) -> list[dict[str, Any]]:
    """Entries that may be expected, as rows, in order of tag; MOST at most, and one more."""
    rows = Asset.objects.filter(site_id=site_id, state__in=USABLE)
    place = chosen.place
    if chosen.ids:
        rows = rows.filter(id__in=chosen.ids)
    elif chosen.tags:
        rows = rows.exclude(tag="").alias(low=Lower("tag")).filter(low__in=chosen.tags)
    elif place:
        here = Q(room=place) | Q(parent__room=place) | Q(pool=place) | Q(parent=place)
        rows = rows.filter(here)
    else:
        return []
    return list(rows.order_by("tag", "name", "id").values(*_NAMED)[: MOST + 1])


def expected(sites: Collection[str], at: int) -> dict[str, Expected]:
    """By entry: what may come back now."""
    items = ReinstallItem.objects.filter(
        site__in=sites, back_at=None, request__ends_at__gt=at, asset__state__in=USABLE
    )
    found: dict[str, Expected] = {}
    rows = items.select_related("request", "asset").order_by("request__made_at", "request__id")
    for item in rows:
        request = item.request
        found[item.asset_id] = Expected(
            request=request.id,
            reason=request.reason,
            made_at=request.made_at,
            made_by=request.made_by,
            ends_at=request.ends_at,
            entry={name: getattr(item.asset, name) for name in _NAMED},
        )
    return found


def requests(sites: Collection[str]) -> list[dict[str, Any]]:
    """The newest, as rows with `expected` and `back`."""
    rows = Reinstall.objects.filter(site__in=sites)
    counted = rows.annotate(
        expected=Count("items"), back=Count("items", filter=Q(items__back_at__isnull=False))
    )
    names = ("id", "site_id", "place", "reason", "made_at", "made_by", "ends_at")
    ordered = counted.order_by("-made_at", "-id")
    return list(ordered.values(*names, "expected", "back")[:MOST_LISTED])


def request(sites: Collection[str], request_id: str) -> dict[str, Any] | None:
    """One, with `items` as rows, those not back first; None where it is none of these schools'."""
    found = Reinstall.objects.filter(site__in=sites, id=request_id)
    names = ("id", "site_id", "place", "reason", "made_at", "made_by", "ends_at")
    first = found.values(*names).first()
    if first is None:
        return None
    row: dict[str, Any] = {**first}
    items = ReinstallItem.objects.filter(request_id=request_id).select_related("asset")
    row["items"] = [
        {
            "back_at": item.back_at,
            "back_by": item.back_by,
            "device": item.device,
            "replaced": item.replaced,
            **{name: getattr(item.asset, name) for name in _NAMED},
        }
        for item in items.order_by("asset__tag", "asset__name", "asset_id")
    ]
    row["items"].sort(key=lambda item: item["back_at"] is not None)
    return row


def last_back(asset_id: str) -> dict[str, Any] | None:
    """When a thing last came back set up anew: `back_at`, `device` and `replaced`."""
    done = ReinstallItem.objects.filter(asset_id=asset_id, back_at__isnull=False)
    found = done.order_by("-back_at").values("back_at", "device", "replaced").first()
    return {**found} if found else None


def replaced_by(device_id: str) -> dict[str, Any] | None:
    """By which computer a withdrawn one was replaced: `back_at` and `device`."""
    done = ReinstallItem.objects.filter(replaced=device_id)
    found = done.order_by("-back_at").values("back_at", "device").first()
    return {**found} if found else None
