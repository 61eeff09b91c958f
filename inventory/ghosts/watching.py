"""Who is watched: followed from the entries, in the transaction that changes them (I11, I15).

An entry is watched while its state is one of WATCHED; its disposal may say so earlier, when it is
collected (`watch`). Its marks stay as they were when it went, and what is learned of it later is
added, so that a serial number typed for the police is looked for at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from inventory.inserting import insert
from inventory.many import parts
from inventory.marks import normalise
from inventory.models import Asset, AssetEvent, AssetMark, WatchedMark

WATCHED: Final = frozenset({"lost", "stolen", "disposed"})
"""States of an entry in which nobody should ever see the thing."""
HERE: Final = frozenset({"in_use", "stored", "repair"})
ENTRY: Final = "entry"
DRIVE: Final = "drive"
SHORTEST_DRIVE: Final = 6
"""Shorter serial numbers of drives say nothing (spec §5.3)."""
_SHOWN: Final = frozenset({"state", "serial", "uuid", "kind"})


def drive_mark(serial: str) -> str:
    """A drive's serial number as it is compared, "" for one that identifies nothing."""
    mark = normalise("serial", serial)
    return mark if len(mark) >= SHORTEST_DRIVE else ""


def follow(site_id: str, events: Sequence[AssetEvent], assets: Iterable[Asset]) -> None:
    """Watch what went, and watch no more what was found: called with what was just written."""
    rows = {row.id: row for row in assets}
    gone, found = [], []
    at = 0
    for event in events:
        if _SHOWN.isdisjoint(event.after):
            continue
        at = event.at
        if rows[event.asset_id].state in WATCHED:
            gone.append(event.asset_id)
        elif event.before.get("state") in WATCHED or _is_back(event):
            found.append(event.asset_id)
    if gone:
        watch(site_id, gone, at)
    if found:
        unwatch(site_id, found)


def _is_back(event: AssetEvent) -> bool:
    """Whether it is the school's to use again, perhaps from a disposal that had it collected."""
    return event.seq > 1 and event.after.get("state") in HERE


def watch(site_id: str, asset_ids: Collection[str], at: int) -> None:
    """Watch these entries from now on; what is watched already keeps its day and learns new
    marks."""
    for part in parts(asset_ids):
        since = _since(part)
        rows = Asset.objects.filter(site_id=site_id, id__in=part).only("id", "kind", "serial")
        own = {row.id: row for row in rows}
        marks = AssetMark.objects.filter(site_id=site_id, asset__in=list(own))
        new = [_mark(site_id, one, ENTRY, one, since.get(one, at)) for one in own]
        for asset_id, kind, value in marks.values_list("asset_id", "kind", "value"):
            new.append(_mark(site_id, asset_id, kind, value, since.get(asset_id, at)))
        new += [
            _mark(site_id, row.id, DRIVE, mark, since.get(row.id, at))
            for row in own.values()
            if row.kind == DRIVE and (mark := drive_mark(row.serial))
        ]
        insert(new, pass_over_known=True)


def watch_drives(site_id: str, drives: Mapping[str, Collection[str]], at: int) -> None:
    """Drives that went with entries that are watched: entry → serial numbers as they were told."""
    since = _since(list(drives))
    new = [
        _mark(site_id, asset_id, DRIVE, mark, since.get(asset_id, at))
        for asset_id, serials in drives.items()
        for mark in sorted({drive_mark(one) for one in serials} - {""})
    ]
    insert(new, pass_over_known=True)


def catch_up(site_id: str, at: int) -> int:
    """Watch what went before anybody watched; how many entries."""
    known = WatchedMark.objects.filter(site_id=site_id, kind=ENTRY).values("value")
    rows = Asset.objects.filter(site_id=site_id, state__in=WATCHED).exclude(id__in=known)
    ids = list(rows.values_list("id", flat=True))
    watch(site_id, ids, at)
    return len(ids)


def unwatch(site_id: str, asset_ids: Collection[str]) -> None:
    """These are here again; alarms that were raised stay until somebody answers them."""
    for part in parts(asset_ids):
        WatchedMark.objects.filter(site_id=site_id, asset__in=part).delete()


def watched_among(site_id: str, asset_ids: Collection[str]) -> set[str]:
    """Which of these entries are watched."""
    return {one for part in parts(asset_ids) for one in _entries(site_id, part)}


def _entries(site_id: str, part: Sequence[str]) -> Iterable[str]:
    rows = WatchedMark.objects.filter(site_id=site_id, kind=ENTRY, value__in=part)
    return rows.values_list("value", flat=True)


def _since(asset_ids: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts(asset_ids):
        rows = WatchedMark.objects.filter(asset__in=part, kind=ENTRY)
        found |= dict(rows.values_list("asset_id", "since"))
    return found


def _mark(site_id: str, asset_id: str, kind: str, value: str, since: int) -> Any:
    return WatchedMark(site_id=site_id, asset_id=asset_id, kind=kind, value=value, since=since)
