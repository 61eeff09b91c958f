"""Which disposals may stand on a collection's list, and what the list says of each (I5, I9)."""

from collections import defaultdict
from collections.abc import Collection as Many
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from inventory.disposal import rulings
from inventory.models import Asset, CollectionLine, Disposal, DisposalMedium

UNWIPED: Final = "unwiped"
"""The kind of hand-over by which things go with data on them (I9)."""
MOST: Final = 500
_STAYS: Final = ("unconfirmed", "destroyed", "retained", "missing", "gone", "lost", "never_there")
"""States of a medium that does not go where its thing goes."""


class Candidate(msgspec.Struct, frozen=True):
    """One disposal. `why`: why it may not go, as a sentence, "" where it may; `taken`: the
    collection on whose open list it stands."""

    disposal: str
    asset: str
    seq: int
    state: str
    name: str
    tag: str
    serial: str
    kind: str
    media: list[dict[str, str]]
    why: str
    taken: str = ""


def waiting(sites: Many[str], handover: str) -> list[Candidate]:
    """What was approved as waste and is still here, by name."""
    rows = Disposal.objects.filter(site__in=sites, route="waste", closed_at=None)
    rows = rows.filter(state__in=("approved", "sanitising", "ready"))
    return _told(rows, handover)


def named(site_id: str, disposals: Iterable[str], handover: str) -> dict[str, Candidate]:
    """These, by id, whatever their state; those of another school are left out."""
    rows = Disposal.objects.filter(site_id=site_id, id__in=list(disposals))
    return {one.disposal: one for one in _told(rows, handover)}


def media(disposals: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """The media that go with each disposal, as lists have them, by serial."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    rows = DisposalMedium.objects.filter(disposal__in=list(disposals)).exclude(state__in=_STAYS)
    for row in rows.order_by("key"):
        told = {"serial": row.key, "raw": row.serial or row.key, "state": row.state}
        found[row.disposal_id].append(told)
    return found


def offsite_allowed(site_id: str) -> bool:
    """Whether the school lets a company wipe for it (I9)."""
    return rulings.current(site_id).wiping.offsite


def _told(rows: Any, handover: str) -> list[Candidate]:
    disposals = list(
        rows.select_related("asset").order_by("asset__name", "asset__tag", "id")[:MOST]
    )
    ids = [row.id for row in disposals]
    held = media(ids)
    lists = CollectionLine.objects.filter(disposal__in=ids, open=True)
    taken = dict(lists.values_list("disposal", "collection"))
    sites = {row.site_id for row in disposals}
    offsite = {site: handover == UNWIPED and offsite_allowed(site) for site in sites}
    return [
        Candidate(
            disposal=row.id,
            asset=row.asset_id,
            seq=row.seq,
            state=row.state,
            name=_name(row.asset),
            tag=row.asset.tag,
            serial=row.asset.serial,
            kind=row.asset.kind,
            media=held[row.id],
            why=_why(row, offsite=offsite[row.site_id]),
            taken=taken.get(row.id, ""),
        )
        for row in disposals
    ]


def _name(asset: Asset) -> str:
    made = f"{asset.make} {asset.model}".strip()
    return asset.name or made or asset.tag or asset.serial or "A thing without a name"


def _why(row: Disposal, *, offsite: bool) -> str:
    """Why it may not go; the disposal itself is asked again when it does."""
    if row.closed_at is not None or row.state in ("collected", "received", "missing"):
        return "It is not here any more."
    if row.route != "waste":
        return "It was not approved as waste (I2)."
    if row.holds:
        return "It is held: nothing of it may leave (I13)."
    if row.n_exceptions:
        return "Something about its drives is not settled yet (I3, I10)."
    if row.state == "ready" or (offsite and row.state in ("approved", "sanitising")):
        return ""
    if row.state in ("approved", "sanitising"):
        return "Its drives are not all wiped, checked and approved, or destroyed (I5)."
    return "It is not approved yet (I2)."
