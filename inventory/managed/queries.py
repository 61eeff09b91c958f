"""What the newest lists of a school's managements (MDM) say."""

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec

from checks.records.tablets.facts import TabletFacts
from inventory.assets.kinds import kind_of, kinds
from inventory.assets.states import OWNED
from inventory.managed.adapters import Adapter, adapters
from inventory.many import parts
from inventory.models import Asset, ManagedSheet, ManagedThing

_MOST_SHEETS: Final = 60


class Said(msgspec.Struct, frozen=True):
    """What the newest list says of one entry. `title`: whose list; `lost`: in lost mode now."""

    facts: TabletFacts
    title: str
    sheet: str
    lost: bool | None


class Taken(msgspec.Struct, frozen=True):
    """A list that was taken in: whose, when and by whom, whether it lists all there is, and how
    many rows, things found and strangers it had. `batch`: the step in which entries were made."""

    id: str
    site: str
    title: str
    at: int
    by: str
    whole: bool
    rows: int
    matched: int
    strangers: int
    batch: str
    undone_at: int | None


def facts(site_id: str, asset_ids: Collection[str] | None = None) -> dict[str, TabletFacts]:
    """By entry, for those of kinds that a management lists and that are not gone: as the newest
    list has it; `listed` False where none has it though one was taken in that lists such things.
    Entries of which no list could say anything are not there."""
    sheets = standing(site_id)
    if not sheets:
        return {}
    told = _things(sheets, asset_ids)
    found: dict[str, TabletFacts] = {}
    for asset_id, kind in _managed_entries(site_id, asset_ids):
        if asset_id in told:
            found[asset_id] = _facts(told[asset_id])
        elif (sheet := _that_lists(sheets, kind)) is not None:
            found[asset_id] = _not_listed(sheet)
    return found


def said(sites: Collection[str], asset_id: str) -> Said | None:
    """What is said of one entry, a computer too; None where no list could say anything."""
    entry = Asset.objects.filter(id=asset_id, site__in=sites).values("site_id", "kind").first()
    sheets = standing(entry["site_id"]) if entry else []
    if entry is None or not sheets:
        return None
    row = _things(sheets, [asset_id]).get(asset_id)
    if row is not None:
        sheet = next(one for one in sheets if one.id == row.sheet_id)
        return Said(_facts(row), _title(sheet), sheet.id, row.lost)
    listing = _that_lists(sheets, entry["kind"]) if kind_of(entry["kind"]).managed else None
    if listing is None:
        return None
    return Said(_not_listed(listing), _title(listing), listing.id, None)


def standing(site_id: str) -> list[ManagedSheet]:
    """The lists that say something now, newest first: of each management its newest whole one and
    the parts that came after it."""
    rows = ManagedSheet.objects.filter(site_id=site_id, undone_at=None)
    kept: list[ManagedSheet] = []
    whole: set[str] = set()
    for sheet in rows.order_by("-imported_at", "-id")[:_MOST_SHEETS]:
        if sheet.adapter in whole or sheet.adapter not in adapters():
            continue
        kept.append(sheet)
        if sheet.whole:
            whole.add(sheet.adapter)
    return kept


def by_sheet(site_id: str, adapter: str) -> dict[str, dict[str, Any]]:
    """The facts as they are kept, by entry, that one management's lists give now."""
    sheets = [one for one in standing(site_id) if one.adapter == adapter]
    return {asset_id: row.facts for asset_id, row in _things(sheets, None).items()}


def taken(sites: Collection[str], sheet_id: str) -> Taken | None:
    """One list that was taken in."""
    row = ManagedSheet.objects.filter(site__in=sites, id=sheet_id).first()
    return _taken(row) if row else None


def recent(site_id: str, most: int = 10) -> list[Taken]:
    """The newest lists."""
    rows = ManagedSheet.objects.filter(site_id=site_id).order_by("-imported_at", "-id")[:most]
    return [_taken(row) for row in rows]


def _things(
    sheets: Iterable[ManagedSheet], asset_ids: Collection[str] | None
) -> dict[str, ManagedThing]:
    """By entry, each from the newest list that has it."""
    found: dict[str, ManagedThing] = {}
    for one in sheets:
        rows = ManagedThing.objects.filter(sheet=one)
        chosen = (
            [rows] if asset_ids is None else (rows.filter(asset__in=p) for p in parts(asset_ids))
        )
        for part in chosen:
            for row in part.iterator(chunk_size=2_000):
                found.setdefault(row.asset_id, row)
    return found


def _managed_entries(site_id: str, asset_ids: Collection[str] | None) -> Iterable[tuple[str, str]]:
    wanted = [name for name, kind in kinds().items() if kind.managed]
    rows = Asset.objects.filter(site_id=site_id, state__in=OWNED, kind__in=wanted)
    chosen = [rows] if asset_ids is None else (rows.filter(id__in=p) for p in parts(asset_ids))
    for part in chosen:
        yield from part.order_by("id").values_list("id", "kind").iterator(chunk_size=2_000)


def _that_lists(sheets: Iterable[ManagedSheet], kind: str) -> ManagedSheet | None:
    """The newest whole list in which such a thing would stand: no iPad is missed from a list of
    Chromebooks."""
    whole = (one for one in sheets if one.whole and kind in _adapter(one).lists)
    return next(whole, None)


def _facts(row: ManagedThing) -> TabletFacts:
    return msgspec.convert(row.facts, TabletFacts)


def _not_listed(one: ManagedSheet) -> TabletFacts:
    return TabletFacts(imported_at=one.imported_at, listed=False, manager=_adapter(one).manager)


def _adapter(one: ManagedSheet) -> Adapter:
    return adapters()[one.adapter]


def _title(one: ManagedSheet) -> str:
    known = adapters().get(one.adapter)
    return known.title if known else one.adapter


def _taken(row: ManagedSheet) -> Taken:
    return Taken(
        id=row.id,
        site=row.site_id,
        title=_title(row),
        at=row.imported_at,
        by=row.imported_by,
        whole=row.whole,
        rows=row.rows,
        matched=row.matched,
        strangers=row.strangers,
        batch=row.batch,
        undone_at=row.undone_at,
    )
