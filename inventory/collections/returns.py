"""What others may read of what comes back after a collection."""

from collections.abc import Collection as Many
from typing import Any, Final, Literal, get_args

import msgspec
from django.db.models import Count, F, OuterRef, Q, Subquery

from inventory.collections.differences import Compared, compared
from inventory.collections.gathering import Thing
from inventory.collections.holding import looked_at
from inventory.collections.waiting import Due, due
from inventory.models import (
    Certificate,
    CertificateLine,
    Collection,
    CollectionDifference,
    Disposal,
    Receipt,
)

View = Literal["", "late", "second", "closed"]
VIEWS: Final[tuple[View, ...]] = get_args(View)
MOST: Final = 500
_COLLECTION: Final = ("id", "site_id", "seq", "day", "state", "collected_at", "contractor_id")
_RECEIPT: Final = tuple(field.attname for field in Receipt._meta.concrete_fields)
_CERTIFICATE: Final = tuple(field.attname for field in Certificate._meta.concrete_fields)
_LINE: Final = tuple(field.attname for field in CertificateLine._meta.concrete_fields)
_DIFFERENCE: Final = tuple(field.attname for field in CollectionDifference._meta.concrete_fields)


class Returns(msgspec.Struct, frozen=True):
    """One collection with all that came back. `values` has `contractor__name`; certificates have
    `n`, their lines; `due_at`: when certificates are late, None where none is waited for."""

    values: dict[str, Any]
    things: tuple[Thing, ...]
    receipts: list[dict[str, Any]]
    certificates: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    how: Compared
    due_at: int | None
    waits: tuple[Due, ...]
    """Steps that wait for somebody who may vouch for a paper; none once it is closed."""


def one(sites: Many[str], collection_id: str) -> Returns | None:
    """A collection that took place; None where it is not theirs, or did not. `things` without what
    was lost since."""
    rows = Collection.objects.filter(site__in=sites, id=collection_id, collected_at__isnull=False)
    row = rows.select_related("contractor").first()
    if row is None:
        return None
    whole = looked_at(row)
    gathered = whole.gathered()
    waits = [
        thing.now.certificate_due_at
        for thing in gathered.things
        if thing.now.certificate_due_at is not None and not thing.now.ended
    ]
    values = {name: getattr(row, name) for name in _COLLECTION}
    how = compared(row, gathered)
    return Returns(
        values=values | {"contractor__name": row.contractor.name},
        things=gathered.things,
        receipts=list(
            Receipt.objects.filter(collection=row)
            .order_by("-number")
            .values(*_RECEIPT, "contractor__name")
        ),
        certificates=list(_certificates(Q(collection=row))),
        differences=_differences(Q(collection=row)),
        how=how,
        due_at=min(waits, default=None),
        waits=due(gathered, how) if row.state == "collected" else (),
    )


def listed(sites: Many[str]) -> list[dict[str, Any]]:
    """Collections that took place and are not closed, oldest first, with how many receipts,
    certificates to confirm and differences that are open each has, and by when the certificates
    are due (I9)."""
    rows = Collection.objects.filter(site__in=sites, state="collected")
    open_ones = Disposal.objects.filter(collection=OuterRef("id"), closed_at=None)
    due = open_ones.order_by("certificate_due_at").values("certificate_due_at")[:1]
    counted = rows.annotate(
        due_at=Subquery(due),
        n_receipts=Count("receipts", distinct=True),
        n_entered=Count("certificates", filter=Q(certificates__state="entered"), distinct=True),
        n_open=Count("differences", filter=Q(differences__closed_at=None), distinct=True),
    )
    names = ("contractor__name", "due_at", "n_receipts", "n_entered", "n_open")
    return list(counted.order_by("day", "id").values(*_COLLECTION, *names)[:MOST])


def differences(sites: Many[str], view: View, at: int) -> list[dict[str, Any]]:
    """Differences of these schools, the one due first first; what is closed by the last."""
    return _differences(Q(site__in=sites) & _views(at)[view], newest=view == "closed")


def counts(sites: Many[str], at: int) -> dict[View, int]:
    """How many each view has."""
    asked = {f"n{view}": Count("id", filter=which) for view, which in _views(at).items()}
    found = CollectionDifference.objects.filter(site__in=sites).aggregate(**asked)
    return {view: found[f"n{view}"] for view in VIEWS}


def difference(sites: Many[str], difference_id: str) -> dict[str, Any] | None:
    """One of them; None where it is not theirs."""
    return next(iter(_differences(Q(site__in=sites, id=difference_id))), None)


def certificate(sites: Many[str], certificate_id: str) -> dict[str, Any] | None:
    """One certificate, with its `lines` as rows; None where it is not theirs."""
    found = _certificates(Q(site__in=sites, id=certificate_id)).first()
    if found is None:
        return None
    lines = CertificateLine.objects.filter(certificate_id=certificate_id).order_by("position")
    return {**found, "lines": list(lines.values(*_LINE))}


def names_file(sites: Many[str], collection_id: str, sha256: str) -> str:
    """The school of a file that a receipt or certificate of a collection names; "" for none."""
    asked = {"site__in": sites, "collection": collection_id, "evidence": sha256}
    for model in (Receipt, Certificate):
        found = model.objects.filter(**asked).values_list("site_id", flat=True).first()
        if found:
            return str(found)
    return ""


def _certificates(which: Q) -> Any:
    rows = Certificate.objects.filter(which).annotate(n=Count("lines"))
    return rows.order_by("entered_at", "id").values(*_CERTIFICATE, "contractor__name", "n")


def _differences(which: Q, *, newest: bool = False) -> list[dict[str, Any]]:
    order = ("-closed_at", "id") if newest else (F("closed_at").asc(nulls_first=True), "due_at")
    rows = CollectionDifference.objects.filter(which).order_by(*order, "id")
    extra = ("collection__day", "collection__contractor__name")
    return list(rows.values(*_DIFFERENCE, *extra)[:MOST])


def _views(at: int) -> dict[View, Q]:
    here = Q(closed_at=None)
    return {
        "": here,
        "late": here & Q(due_at__lt=at),
        "second": here & ~Q(proposed_by=""),
        "closed": ~here,
    }
