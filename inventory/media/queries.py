"""What others may read of drives, and which of them the policy should name."""

from collections.abc import Collection
from typing import Any, Final, Literal, get_args

from django.db.models import Count, Q, QuerySet

from inventory.models import Medium

View = Literal["", "asked", "soon", "expired", "ended"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
MOST: Final = 1_000
SOON_DAYS: Final = 30
_FIELDS: Final = tuple(field.attname for field in Medium._meta.concrete_fields)


def listed(
    sites: Collection[str], view: View, search: str, today: str, soon: str
) -> list[dict[str, Any]]:
    """Drives by label, at most MOST. `today` and `soon` are days; what ends by `soon` ends soon."""
    rows = Medium.objects.filter(site__in=sites).filter(_views(today, soon)[view])
    for word in search.split()[:5]:
        rows = rows.filter(_named(word))
    return _told(rows.order_by("label", "id"))


def counts(sites: Collection[str], today: str, soon: str) -> dict[View, int]:
    """How many each view has."""
    views = {f"n{view}": Count("id", filter=asked) for view, asked in _views(today, soon).items()}
    found = Medium.objects.filter(site__in=sites).aggregate(**views)
    return {view: found[f"n{view}"] for view in VIEWS}


def one(sites: Collection[str], medium_id: str) -> dict[str, Any] | None:
    """One drive; None where it is not theirs."""
    return next(iter(_told(Medium.objects.filter(site__in=sites, id=medium_id))), None)


def wanted(site_id: str, today: str) -> dict[str, dict[str, Any]]:
    """What the policy should name today: entry → drive."""
    rows = Medium.objects.filter(site_id=site_id, ended_at=None, decision="approved")
    found = _told(rows.filter(until__gte=today).exclude(entry="").order_by("label", "id"))
    return {row["entry"]: row for row in found}


def by_entry(site_id: str, entries: Collection[str]) -> dict[str, dict[str, Any]]:
    """The drives that lines of the policy are or were of."""
    rows = Medium.objects.filter(site_id=site_id, entry__in=entries).exclude(entry="")
    return {row["entry"]: row for row in _told(rows.order_by("id"))}


def _views(today: str, soon: str) -> dict[View, Q]:
    here = Q(ended_at=None)
    return {
        "": here,
        "asked": here & Q(decision=""),
        "soon": here & Q(decision="approved", until__gte=today, until__lte=soon),
        "expired": here & Q(until__lt=today),
        "ended": ~here,
    }


def _named(word: str) -> Q:
    plain = Q(label__icontains=word) | Q(model__icontains=word) | Q(serial__icontains=word)
    return plain | Q(holder__name__icontains=word)


def _told(rows: "QuerySet[Medium]") -> list[dict[str, Any]]:
    return list(rows.values(*_FIELDS, "holder__name")[:MOST])
