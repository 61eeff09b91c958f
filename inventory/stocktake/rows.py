"""Rows of a count, locked or read, and its fold."""

from collections.abc import Collection
from typing import Final

from django.db.models import QuerySet

from inventory.assets.errors import RegisterError
from inventory.assets.kinds import kinds
from inventory.many import by_id, parts
from inventory.models import Asset, CountedRoom, CountScan, Expected, StockTake
from inventory.stocktake.folding import Due, Scan, Tally, fold

THERE: Final = ("in_use", "stored", "retired")
"""States in which a thing should be found; what is away, lost or stolen is not looked for."""
_DEEPEST: Final = 4
_HOLDERS: Final = tuple(name for name, kind in kinds().items() if kind.holds)


def locked_take(site_id: str, take_id: str) -> StockTake:
    """A count that is still open. Raises RegisterError."""
    take = StockTake.objects.select_for_update().filter(site_id=site_id, id=take_id).first()
    if take is None:
        raise RegisterError("not_found", "There is no such count in this school.")
    if take.stopped_at is not None:
        raise RegisterError("stopped", "This count was given up. Begin a new one.")
    return take


def locked_room(site_id: str, counted_id: str, *, going: bool = True) -> CountedRoom:
    """A room of a count that is not finished; `going`: begun and not closed. Raises
    RegisterError."""
    if not going:  # what happens to a room that nobody counts in keeps the count's end waiting
        list(StockTake.objects.select_for_update().filter(site_id=site_id, rooms=counted_id))
    rooms = CountedRoom.objects.select_for_update(of=("self",)).select_related("take", "room")
    counted = rooms.filter(site_id=site_id, id=counted_id).first()
    if counted is None:
        raise RegisterError("not_found", "There is no such room in this school's counts.")
    if counted.take.stopped_at is not None:
        raise RegisterError("stopped", "This count was given up. Begin a new one.")
    if counted.take.finished_at is not None:
        raise RegisterError("finished", "This count is finished: nothing is added to it.")
    if going and counted.begun_at is None:
        raise RegisterError("not_begun", "Begin this room first.")
    if going and counted.closed_at is not None:
        raise RegisterError("closed", "This room was closed meanwhile. Open it again to add to it.")
    return counted


def tally(take: StockTake) -> Tally:
    """The whole count as it stands: as many queries whatever its length."""
    due = _due(Expected.objects.filter(counted__take=take))
    scans = _scans(CountScan.objects.filter(counted__take=take))
    expected = {one.asset for one in due}
    others = {scan.asset for scan in scans if scan.asset and scan.asset not in expected}
    return fold(scans, due, _inside(others))


def tally_of(counted: CountedRoom, asset: str) -> Tally:
    """Only what one entry, or "": what the register does not know in this room, comes to; the
    content of trolleys left out."""
    take = counted.take_id
    if not asset:
        return fold(_scans(CountScan.objects.filter(counted=counted)), ())
    scans = CountScan.objects.filter(counted__take=take, asset=asset)
    return fold(_scans(scans), _due(Expected.objects.filter(counted__take=take, asset=asset)))


def _due(rows: QuerySet[Expected]) -> list[Due]:
    names = ("counted_id", "asset_id", "trolley")
    return [Due(*row) for row in rows.order_by("id").values_list(*names)]


def _scans(scans: QuerySet[CountScan]) -> list[Scan]:
    rows = scans.order_by("id")
    names = ("counted_id", "kind", "asset_id", "text", "at", "scanned_by", "how")
    return [
        Scan(counted, kind, asset or "", text, at, by, how)
        for counted, kind, asset, text, at, by, how in rows.values_list(*names)
    ]


def _inside(trolleys: Collection[str]) -> dict[str, list[str]]:
    """What is kept in these, by trolley; things that hold nothing are left out."""
    held: dict[str, list[str]] = {}
    holding = [row.id for row in by_id(Asset.objects.filter(kind__in=_HOLDERS), trolleys)]
    for _ in range(_DEEPEST):
        there = Asset.objects.filter(state__in=THERE)
        found = [row for part in parts(holding) for row in there.filter(parent__in=part)]
        for row in found:
            held.setdefault(row.parent_id or "", []).append(row.id)
        holding = [row.id for row in found]
    return held


def standing_in(site_id: str, room_id: str | None) -> list[tuple[str, str]]:
    """(entry, trolley or "") of everything that should be in a room, by tag and name; None: of what
    stands in no room."""
    rows: QuerySet[Asset] = Asset.objects.filter(site_id=site_id, state__in=THERE)
    level = rows.filter(room=room_id, parent=None)
    found = [
        (asset, "") for asset in level.order_by("tag", "name", "id").values_list("id", flat=True)
    ]
    for _ in range(_DEEPEST):
        level = rows.filter(parent__in=level.values("id"))
        deeper = list(level.order_by("tag", "name", "id").values_list("id", "parent_id"))
        if not deeper:
            break
        found += deeper
    return found
