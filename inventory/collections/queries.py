"""What others may read of collections."""

from collections.abc import Collection as Many
from typing import Any, Final, Literal, get_args

import msgspec
from django.db.models import Count, Q

from inventory.models import Collection, CollectionLine, Disposal

View = Literal["booked", "collected", "cancelled"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
MOST: Final = 500
_FIELDS: Final = tuple(field.attname for field in Collection._meta.concrete_fields)
_LINE_FIELDS: Final = tuple(field.attname for field in CollectionLine._meta.concrete_fields)


class Whole(msgspec.Struct, frozen=True):
    """A collection with its lines: those on the list, or that went, first; `left` stood on it and
    were taken off or stayed behind. `seen`: disposal → the number of its last event."""

    values: dict[str, Any]
    lines: list[dict[str, Any]]
    left: list[dict[str, Any]]
    seen: dict[str, int]


def listed(sites: Many[str], view: View) -> list[dict[str, Any]]:
    """Collections with `contractor__name` and `n`, the things on their lists; what is booked by the
    next day first, anything else by the last."""
    rows = Collection.objects.filter(site__in=sites, **_state(view))
    rows = rows.annotate(n=Count("lines", filter=Q(lines__open=True) | Q(lines__went=True)))
    order = ("day", "id") if view == "booked" else ("-day", "-id")
    return list(rows.order_by(*order).values(*_FIELDS, "contractor__name", "n")[:MOST])


def note_kind(sites: Many[str], collection_id: str) -> str:
    """`transfer` or `consignment`; "" where none is said, or the collection is not theirs."""
    rows = Collection.objects.filter(site__in=sites, id=collection_id)
    return rows.values_list("note_kind", flat=True).first() or ""


def counts(sites: Many[str]) -> dict[View, int]:
    """How many each view has."""
    rows = Collection.objects.filter(site__in=sites).values_list("state").annotate(n=Count("id"))
    found = dict(rows.order_by("state"))
    gone = sum(n for state, n in found.items() if state not in ("booked", "cancelled"))
    return {
        "booked": found.get("booked", 0),
        "collected": gone,
        "cancelled": found.get("cancelled", 0),
    }


def one(sites: Many[str], collection_id: str) -> Whole | None:
    """One collection; None where it is not theirs."""
    rows = Collection.objects.filter(site__in=sites, id=collection_id)
    found = rows.values(*_FIELDS, "contractor__name", "contractor__address").first()
    if found is None:
        return None
    lines = list(
        CollectionLine.objects.filter(collection=collection_id)
        .order_by("name", "tag", "id")
        .values(*_LINE_FIELDS, "asset__kind")
    )
    disposals = Disposal.objects.filter(id__in=[line["disposal"] for line in lines])
    return Whole(
        values=found,
        lines=[line for line in lines if line["open"] or line["went"]],
        left=[line for line in lines if not (line["open"] or line["went"])],
        seen=dict(disposals.values_list("id", "seq")),
    )


def _state(view: View) -> dict[str, Any]:
    """What took place has states of its own after that, so it is all but the others."""
    if view == "collected":
        return {"collected_at__isnull": False}
    return {"state": view}
