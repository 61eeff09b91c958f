"""What is lost or stolen, for lists and the pack (S27, I14)."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from inventory.disposal import lists, rulings, spelling
from inventory.disposal.events import Missing
from inventory.disposal.now import Now
from inventory.disposal.reducing import replay
from inventory.models import Asset, Disposal, DisposalEvent

_ENTRY: Final = (
    *("id", "site_id", "seq", "state", "name", "tag", "kind", "make", "model", "serial", "imei"),
    *("security_mark", "cost_pence", "bought_on", "finance_number", "ownership", "owner"),
    *("holder", "personal_data"),
)


class Lost(msgspec.Struct, frozen=True):
    """One that is missing. `told`: the step that said so."""

    disposal: str
    entry: Mapping[str, Any]
    told: Missing


class Whole(msgspec.Struct, frozen=True):
    """One disposal that is, or was, missing; `told` the last step that said so."""

    disposal: str
    site: str
    now: Now
    entry: Mapping[str, Any]
    told: Missing


def missing(sites: Collection[str]) -> list[Lost]:
    """Everything that is missing, with a record, the newest first: three queries."""
    rows = Disposal.objects.filter(site__in=sites, state="missing").order_by("-since", "-id")
    ids = {row.id: row.asset_id for row in rows[: lists.MOST]}
    events = DisposalEvent.objects.filter(disposal__in=list(ids), type="missing").order_by("seq")
    told = {one.disposal_id: spelling.decode(bytes(one.body)) for one in events}
    known = {row["id"]: row for row in _entries(sites, ids.values())}
    return [
        Lost(one, known[asset_id], event)
        for one, asset_id in ids.items()
        if isinstance(event := told.get(one), Missing)
    ]


def without_record(sites: Collection[str]) -> list[dict[str, Any]]:
    """Entries that somebody marked as lost or stolen and no disposal tells of."""
    running = Disposal.objects.filter(site__in=sites, closed_at=None).values("asset")
    rows = Asset.objects.filter(site__in=sites, state__in=("lost", "stolen")).exclude(
        id__in=running
    )
    return list(rows.order_by("name", "id").values(*_ENTRY)[: lists.MOST])


def one(sites: Collection[str], disposal_id: str) -> Whole | None:
    """One that is or was missing; None for any other, or another school's."""
    found = lists.one(sites, disposal_id)
    if found is None:
        return None
    history = [spelling.decode(link.body) for link in found.links]
    told = next((event for event in reversed(history) if isinstance(event, Missing)), None)
    if told is None:
        return None
    site = found.row["site_id"]
    (entry,) = _entries({site}, [found.row["asset_id"]])
    return Whole(disposal_id, site, replay(history, rulings.book(site)), entry, told)


def entry(sites: Collection[str], asset_id: str) -> dict[str, Any] | None:
    """An entry that may be reported, with the disposal that runs (`disposal`, `disposal_seq`)."""
    found = next(iter(_entries(sites, [asset_id])), None)
    if found is None:
        return None
    running = Disposal.objects.filter(asset=asset_id, closed_at=None).values("id", "seq", "state")
    row = running.first() or {"id": "", "seq": 0, "state": ""}
    return found | {f"disposal_{name}": value for name, value in row.items()}


def _entries(sites: Collection[str], ids: Collection[str]) -> list[dict[str, Any]]:
    return list(Asset.objects.filter(site__in=sites, id__in=sorted(set(ids))).values(*_ENTRY))
