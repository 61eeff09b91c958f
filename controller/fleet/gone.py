"""What follows for computers whose entry is gone (I15): the drives that went with it are watched,
and what was disposed of may not report any more.

What is lost or stolen keeps its key. Whoever has it may not know that it reports, and what it says
then (where from, whether it is still encrypted) is what the school needs; found again, it goes on.
"""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from controller import clock
from controller.fleet import services
from controller.fleet.insides import insides
from controller.fleet.models import Device
from inventory.assets import queries as assets
from inventory.assets.writing import By
from inventory.disposal import lists
from inventory.disposal import services as disposals
from inventory.disposal.states import AWAY, OUT, Strength
from inventory.ghosts import watching
from inventory.ledger import services as ledger

WHY = "Disposed of, so it may not report any more."
_STRENGTHS: Final[dict[str, Strength]] = {"network": "sighting"}


def changed(site_id: str, ids: Collection[str], actor: str, at: int) -> None:
    """The register changed something of these: follow it once that is committed."""
    those = frozenset(ids)

    def follow_it() -> None:  # Django names it if it fails, and a partial has no name
        follow(site_id, those, actor=actor, at=at)

    transaction.on_commit(follow_it, robust=True)


def follow(site_id: str, ids: Collection[str], *, actor: str, at: int) -> int:
    """Watch the drives of those that are watched, withdraw the keys of those that are disposed of;
    how many keys."""
    gone = watching.watched_among(site_id, [one for one in ids if one.startswith("asset_")])
    if not gone:
        return 0
    told = insides({site_id}, gone)
    with transaction.atomic():
        drives = {asset: one.inside.drives for asset, one in told.items() if one.inside.drives}
        watching.watch_drives(site_id, drives, at)
    return _withdraw(site_id, gone, actor, at)


def follow_all(site_id: str, *, at: int) -> int:
    """The same for everything that is gone, as the night does: nothing is left behind by a crash
    between a change and what follows from it."""
    with transaction.atomic():
        watching.catch_up(site_id, at)
    live = Device.objects.filter(site_id=site_id, state="active", asset__isnull=False)
    ids = [str(one) for one in live.values_list("asset_id", flat=True)]
    return follow(site_id, ids, actor=ledger.SYSTEM, at=at)


def _withdraw(site_id: str, gone: Collection[str], actor: str, at: int) -> int:
    states = {row["id"]: row["state"] for row in assets.some({site_id}, gone)}
    disposed = [one for one, state in states.items() if state == "disposed"]
    live = Device.objects.filter(site_id=site_id, state="active", asset_id__in=disposed)
    ids = list(live.order_by("id").values_list("id", flat=True))
    for device_id in ids:
        services.revoke(device_id, actor=actor, at=at, reason=WHY)
    return len(ids)


def seen_again(site_id: str, asset_id: str, alarm_id: str, way: str, sure: bool) -> None:
    """Something gone was seen: its disposal keeps that among its own steps, once it is committed
    (I11). Steps of disposals lock other rows first, so not in the transaction of a report."""
    strength: Strength = "signed" if sure else _STRENGTHS.get(way, "claim")

    def tell() -> None:
        _record(site_id, asset_id, alarm_id, strength)

    transaction.on_commit(tell, robust=True)


def _record(site_id: str, asset_id: str, alarm_id: str, strength: Strength) -> None:
    last = next(iter(lists.of_entry({site_id}, asset_id)), None)
    if last is not None and last["state"] in (*AWAY, *OUT, "missing"):
        by = By(ledger.SYSTEM, clock.now(), "system")
        disposals.saw(site_id, last["id"], what=alarm_id, strength=strength, by=by)
