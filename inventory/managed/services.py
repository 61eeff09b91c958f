"""Take a management's list in, and take that back.

What a list says stands beside the register, never in its fields: a person's word stays (S40).
Entries change only where somebody asks for new ones to be made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from django.db import transaction

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS, Value, clean
from inventory.assets.states import OWNED
from inventory.assets.undoing import Undone
from inventory.assets.writing import By
from inventory.ghosts import services as ghosts
from inventory.ids import new_id
from inventory.imports.planning import Refused
from inventory.imports.sheets import Sheet
from inventory.ledger import services as ledger
from inventory.managed import queries
from inventory.managed.adapters import Adapter, adapters
from inventory.managed.planning import Known, Plan, plan, stored
from inventory.managed.rows import Listed
from inventory.marks import normalise
from inventory.models import Asset, AssetMark, ManagedSheet, ManagedThing, Site

_BULK: Final = 500
KEPT_SHEETS: Final = 8
"""What older lists said of each thing goes; that they were taken in stays."""


class Done(msgspec.Struct, frozen=True):
    """What was done: the list's id, and the step in which `made` entries came, "" for none."""

    plan: Plan
    sheet: str
    batch: str
    made: int


class Wanted(msgspec.Struct, frozen=True):
    """How a list is to be taken in. `whole`: what is not in it is not managed; `add`: make entries
    for what the register does not have."""

    whole: bool = True
    add: bool = False
    all_or_nothing: bool = False


def look(site_id: str, sheet: Sheet, adapter: str, columns: Mapping[str, int], at: int) -> Plan:
    """What the list would say."""
    known = Known(_serials(site_id), queries.by_sheet(site_id, adapter))
    return plan(sheet, _adapter(adapter), columns, at, known)


def take(
    site_id: str,
    sheet: Sheet,
    adapter: str,
    columns: Mapping[str, int],
    wanted: Wanted,
    *,
    by: By,
) -> Done:
    """Take it in. Raises RegisterError where a row is refused and all or nothing was asked for, or
    where nothing in it is a thing of the school's."""
    with transaction.atomic():
        # Two who import at one time come one after the other.
        Site.objects.select_for_update().get(id=site_id)
        found = look(site_id, sheet, adapter, columns, by.at)
        rows, refused = _new(found.strangers) if wanted.add else ([], [])
        found = msgspec.structs.replace(found, refused=[*found.refused, *refused])
        _check_any(found, wanted, len(rows))
        batch = new_id("batch", by.at) if rows else ""
        things = dict(found.matched)
        if rows:
            own = msgspec.structs.replace(by, source="import", batch=batch)
            ids = assets.add_many(site_id, [values for values, _ in rows], by=own)
            things |= {i: one for i, (_, one) in zip(ids, rows, strict=True)}
        row = ManagedSheet(
            id=new_id("sheet", by.at),
            site_id=site_id,
            adapter=adapter,
            whole=wanted.whole,
            imported_at=by.at,
            imported_by=by.actor,
            rows=len(sheet.rows),
            matched=len(things),
            strangers=len(found.strangers) - len(rows),
            batch=batch,
        )
        _keep(row, things)
        _look_for_ghosts(row, [*things.values(), *found.strangers])
    return Done(found, row.id, batch, len(rows))


def _check_any(found: Plan, wanted: Wanted, new: int) -> None:
    """Raises RegisterError where this is not what was asked for."""
    if wanted.all_or_nothing and found.refused:
        sentence = f"{len(found.refused)} things are wrong; nothing was imported."
        raise RegisterError("refused", sentence)
    if not (found.matched or new):
        raise RegisterError(
            "nothing", "None of these things is in the register, so nothing was imported."
        )


def undo(site_id: str, sheet_id: str, *, by: By) -> Undone:
    """Take a list back: what was said before it holds again, and entries that were made for it go
    unless somebody changed them since. Raises RegisterError."""
    with transaction.atomic():
        rows = ManagedSheet.objects.select_for_update().filter(site_id=site_id, id=sheet_id)
        row = rows.first()
        if row is None:
            raise RegisterError("not_found", "There is no such list.")
        if row.undone_at is not None:
            raise RegisterError("undone", "This list was taken back already.")
        done = assets.undo(site_id, row.batch, by=by) if row.batch else Undone(0, [])
        row.undone_at, row.undone_by = by.at, by.actor
        row.save()
        ledger.append(
            site_id=site_id, at=by.at, actor=by.actor, verb="managed.undo", subject=row.id
        )
    return done


def _adapter(name: str) -> Adapter:
    if name not in adapters():
        raise RegisterError("no_adapter", f"There is no list called {name[:40]}.")
    return adapters()[name]


def _keep(row: ManagedSheet, things: Mapping[str, Listed]) -> None:
    row.save(force_insert=True)
    facts = {asset_id: stored(one) for asset_id, one in things.items()}
    ManagedThing.objects.bulk_create(
        [
            ManagedThing(
                site_id=row.site_id,
                sheet=row,
                asset_id=asset_id,
                facts=facts[asset_id],
                lost=one.lost,
            )
            for asset_id, one in things.items()
        ],
        batch_size=_BULK,
    )
    older = ManagedSheet.objects.filter(site_id=row.site_id, adapter=row.adapter)
    ids = list(older.order_by("-imported_at", "-id").values_list("id", flat=True)[KEPT_SHEETS:])
    standing = {one.id for one in queries.standing(row.site_id)}
    ManagedThing.objects.filter(sheet__in=set(ids) - standing).delete()
    ledger.append(
        site_id=row.site_id,
        at=row.imported_at,
        actor=row.imported_by,
        verb="managed.import",
        subject=row.id,
        after={"adapter": row.adapter, "whole": row.whole, "things": facts},
    )


def _look_for_ghosts(row: ManagedSheet, listed: Iterable[Listed]) -> None:
    """What the list has in contact after it was disposed of or lost (I11): the list says so, and
    lists are typed and mixed up, so a person checks."""
    rows = {mark: one for one in listed for mark in ghosts.marks_of({"serial": [one.serial]})}
    for hit in ghosts.look_up(row.site_id, set(rows)):
        for mark in sorted(hit.marks):
            at = rows[mark].facts.synced_at
            if isinstance(at, int) and hit.gone_at < at:
                digest = ledger.digest({"list": row.adapter, "mark": mark, "synced_at": at})
                seen = min(at, row.imported_at)
                sighting = ghosts.Sighting(
                    hit, "list", row.adapter, seen, ghosts.Proof(digest=digest)
                )
                ghosts.saw(row.site_id, sighting)


def _new(strangers: list[Listed]) -> tuple[list[tuple[dict[str, Value], Listed]], list[Refused]]:
    """Values of the entries that would be made, and the rows that cannot be."""
    rows: list[tuple[dict[str, Value], Listed]] = []
    refused: list[Refused] = []
    for one in strangers:
        said = {"serial": one.serial, "make": one.make, "model": one.model, "name": one.name}
        try:
            values = {name: clean(name, text) for name, text in said.items()}
        except RegisterError as error:
            title = FIELDS[error.field].title if error.field in FIELDS else ""
            refused.append(Refused(one.number, title, error.sentence))
            continue
        rows.append(({**values, "kind": one.kind}, one))
    return rows, refused


def _serials(site_id: str) -> dict[str, frozenset[str]]:
    """Entries that are not gone, by every serial number they are known by."""
    found: dict[str, set[str]] = defaultdict(set)
    rows = Asset.objects.filter(site_id=site_id, state__in=OWNED).exclude(serial="")
    for asset_id, serial in rows.values_list("id", "serial").iterator(chunk_size=2_000):
        if mark := normalise("serial", serial):
            found[mark].add(asset_id)
    marks = AssetMark.objects.filter(
        site_id=site_id, kind="serial", resting=False, asset__state__in=OWNED
    )
    for mark, asset_id in marks.values_list("value", "asset_id").iterator(chunk_size=2_000):
        found[mark].add(asset_id)
    return {mark: frozenset(ids) for mark, ids in found.items()}
