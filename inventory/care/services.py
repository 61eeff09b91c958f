"""Put things under care and take them out of it (S35)."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final, Literal

import msgspec
from django.db import transaction

from inventory.assets.errors import RegisterError
from inventory.assets.states import GONE
from inventory.assets.writing import By
from inventory.care.days import due, typed
from inventory.care.kinds import locked
from inventory.ids import new_id
from inventory.inserting import insert
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import Asset, Care

RESTS: Final = (*sorted(GONE), "lost", "stolen", "retired")
"""States in which nothing is due."""
THEIRS: Final = "provided"
"""Whose it is where somebody else keeps it in order: a copier, a water cooler."""
MOST: Final = 2_000
"""Things put under care in one step."""
Why = Literal["already", "rests", "theirs"]


class Begun(msgspec.Struct, frozen=True):
    """How many things are under this care now, and how many were left and why."""

    number: int
    left: dict[Why, int]


def begin(
    site_id: str, kind_id: str, asset_ids: Collection[str], first_due_on: str, *, by: By
) -> Begun:
    """Put things under a kind of care. What has been done before decides over `first_due_on`.
    Raises RegisterError."""
    day = typed(first_due_on, "first_due_on", "Say on which day it is due first.")
    _check_number(asset_ids)
    with transaction.atomic():
        kind = locked(site_id, kind_id)
        assets = by_id(Asset.objects.filter(site_id=site_id), asset_ids)
        if len(assets) != len(set(asset_ids)):
            raise RegisterError("not_found", "There is no such entry in this school's register.")
        known = {row.asset_id: row for row in Care.objects.filter(kind=kind)}
        left: Counter[Why] = Counter()
        new, again = [], []
        for asset in assets:
            held = known.get(asset.id)
            if why := _why_not(asset, held):
                left[why] += 1
            elif held is None:
                row = Care(id=new_id("care", by.at), site_id=site_id, asset=asset, kind=kind)
                row.first_due_on = row.due_on = day
                new.append(row)
            else:
                held.stopped_at, held.seq, held.first_due_on = None, held.seq + 1, day
                held.due_on = due(day, held.last_on, held.last_result, kind.every, kind.unit)
                again.append(held)
        insert(new)
        Care.objects.bulk_update(again, ["stopped_at", "seq", "first_due_on", "due_on"], 500)
        begun = [row.asset_id for row in (*new, *again)]
        if begun:
            _record(site_id, "care.begin", kind.id, {"first_due_on": day, "assets": begun}, by)
    return Begun(len(begun), dict(left))


def stop(site_id: str, kind_id: str, asset_ids: Collection[str], *, by: By) -> int:
    """Things do not need this care any more; of how many that is new. Raises RegisterError."""
    _check_number(asset_ids)
    with transaction.atomic():
        kind = locked(site_id, kind_id)
        rows = Care.objects.select_for_update().filter(site_id=site_id, kind=kind, stopped_at=None)
        wanted = set(asset_ids)
        stopped = [row for row in rows.order_by("id") if row.asset_id in wanted]
        for row in stopped:
            row.stopped_at, row.seq = by.at, row.seq + 1
        Care.objects.bulk_update(stopped, ["stopped_at", "seq"], batch_size=500)
        if stopped:
            _record(site_id, "care.stop", kind.id, {"assets": [r.asset_id for r in stopped]}, by)
    return len(stopped)


def _why_not(asset: Asset, held: Care | None) -> Why | None:
    if held is not None and held.stopped_at is None:
        return "already"
    if asset.state in RESTS:
        return "rests"
    return "theirs" if asset.ownership == THEIRS else None


def _check_number(asset_ids: Collection[str]) -> None:
    if not asset_ids:
        raise RegisterError("nothing", "Tick at least one thing.")
    if len(asset_ids) > MOST:
        raise RegisterError("too_many", f"Not more than {MOST:,} things in one step.")


def _record(site_id: str, verb: str, subject: str, after: Mapping[str, object], by: By) -> None:
    ledger.append(
        site_id=site_id, at=by.at, actor=by.actor, verb=verb, subject=subject, after=after
    )
