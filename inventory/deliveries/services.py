"""Enter a delivery in one step, tick what arrived, take the whole of it back (S22)."""

from collections.abc import Mapping
from typing import Final

import msgspec
from django.db import transaction

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.deliveries import runs
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.marks import normalise
from inventory.models import Asset, AssetMark, Delivery, DeliveryItem

FIELDS: Final = (
    *("kind", "make", "model", "pool", "room", "supplier", "order", "bought_on", "cost_pence"),
    *("warranty_until", "funding", "acquired"),
)
"""What all things of a delivery have in common."""


class Planned(msgspec.Struct, frozen=True):
    """What would be entered: serial number and tag of each, in order."""

    name: str
    rows: list[tuple[str, str]]


def plan(site_id: str, name: str, serials: str, tags: str) -> Planned:
    """Read what was typed, and compare it with the register. Raises RegisterError that names what
    collides."""
    title = str(clean("model", name))
    if not 0 < len(title) <= 120:
        raise RegisterError("no_name", "Say what this delivery is, in a few words.", "name")
    found = runs.serials(serials)
    given = runs.tags(tags, len(found))
    _check_serials(site_id, found)
    _check_tags(site_id, given)
    return Planned(title, list(zip(found, given, strict=True)))


def enter(site_id: str, planned: Planned, common: Mapping[str, object], *, by: By) -> str:
    """Enter every thing, in one step; the delivery's id. They are in store, expected until they are
    ticked. Raises RegisterError."""
    unknown = common.keys() - set(FIELDS)
    if unknown:
        raise RegisterError("no_field", f"There is no field called {min(unknown)[:40]}.")
    own = msgspec.structs.replace(by, batch=new_id("batch", by.at))
    with transaction.atomic():
        _check_serials(site_id, [serial for serial, _ in planned.rows])
        rows = [{**common, "serial": serial, "tag": tag} for serial, tag in planned.rows]
        made = assets.add_many(site_id, rows, by=own)
        assets.move(site_id, made, "stored", by=own)
        delivery = Delivery.objects.create(
            id=new_id("deliv", by.at),
            site_id=site_id,
            name=planned.name,
            batch=own.batch,
            made_at=by.at,
            made_by=by.actor,
        )
        DeliveryItem.objects.bulk_create(
            [DeliveryItem(site_id=site_id, delivery=delivery, asset_id=one) for one in made]
        )
        _record(delivery, "delivery.enter", made, by)
    return delivery.id


def arrive(site_id: str, delivery_id: str, scanned: str, *, by: By) -> list[str]:
    """Tick what arrived, by serial numbers or tags, one on each line; those that are no thing of
    this delivery, as they were typed. What was ticked already stays so. Raises RegisterError."""
    if len(scanned) > runs.MOST_TYPED:
        raise RegisterError("too_many", "That is too much at once.", "scanned")
    lines = [line.strip() for line in scanned.splitlines() if line.strip()]
    with transaction.atomic():
        delivery = _locked(site_id, delivery_id)
        items = list(delivery.items.select_related("asset"))
        known = {normalise("serial", one.asset.serial): one for one in items}
        known |= {one.asset.tag.casefold(): one for one in items if one.asset.tag}
        found, strange = [], []
        for line in lines:
            item = known.get(line.casefold()) or known.get(normalise("serial", line) or "-")
            if item is None:
                strange.append(line)
            elif item.arrived_at is None:
                item.arrived_at, item.arrived_by = by.at, by.actor
                found.append(item)
        DeliveryItem.objects.bulk_update(found, ["arrived_at", "arrived_by"])
        if found:
            _record(delivery, "delivery.arrive", sorted(one.asset_id for one in found), by)
    return strange


def undo(site_id: str, delivery_id: str, *, by: By) -> list[str]:
    """Take the whole of it back; ids of entries that were changed since and stay. Raises
    RegisterError."""
    with transaction.atomic():
        delivery = _locked(site_id, delivery_id)
        undone = assets.undo(site_id, delivery.batch, by=by)
        delivery.items.exclude(asset_id__in=undone.kept).delete()
        if not undone.kept:
            delivery.undone_at = by.at
            delivery.save(update_fields=["undone_at"])
        _record(delivery, "delivery.undo", undone.kept, by)
    return undone.kept


def _locked(site_id: str, delivery_id: str) -> Delivery:
    rows = Delivery.objects.select_for_update().filter(site_id=site_id, undone_at=None)
    found = rows.filter(id=delivery_id).first()
    if found is None:
        raise RegisterError("not_found", "There is no such delivery at this school any more.")
    return found


def _check_serials(site_id: str, serials: list[str]) -> None:
    by_mark = {normalise("serial", one): one for one in serials}
    marks = AssetMark.objects.filter(site_id=site_id, kind="serial", value__in=list(by_mark))
    taken = marks.exclude(asset__state__in=GONE).filter(resting=False)
    if clashes := sorted({by_mark[value] for value in taken.values_list("value", flat=True)}):
        sentence = f"In the register already: serial number {_some(clashes)}."
        raise RegisterError("taken", sentence, "serials")


def _check_tags(site_id: str, tags: list[str]) -> None:
    rows = Asset.objects.filter(site_id=site_id, tag__in=[tag for tag in tags if tag])
    if clashes := sorted(rows.values_list("tag", flat=True)):
        raise RegisterError("tag_taken", f"In use already: tag {_some(clashes)}.", "tags")


def _some(names: list[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _record(delivery: Delivery, verb: str, asset_ids: list[str], by: By) -> None:
    ledger.append(
        site_id=delivery.site_id,
        at=by.at,
        actor=by.actor,
        verb=verb,
        subject=delivery.id,
        after={"assets": asset_ids},
    )
