"""A count from its beginning to its end: rooms, scans, what was wrong after all (S29).

Counting changes nothing in the register: what stays in another room from now on is moved when the
count is finished, in one step that can be undone, and what is missing stays as it is until a person
says that it is lost.

A scan is no event of the ledger by itself; each room's closing is, over the digest of all its
scans.
"""

from collections.abc import Collection, Mapping
from typing import Final, Literal

import msgspec
from django.db import transaction

from inventory.assets import services as register
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, CountedRoom, CountScan, Expected, Room, StockTake
from inventory.stocktake import looking_up
from inventory.stocktake.folding import Tally, alike
from inventory.stocktake.rows import locked_room, locked_take, standing_in, tally_of

How = Literal["camera", "photo", "typed", "tick"]
Outcome = Literal["found", "moved", "twice", "strange", "unclear", "empty", "done"]
MARKS: Final = ("seen", "gone", "open", "shut", "lives", "stays")
MOST_ROOMS: Final = 1_000
MOST_SCANS: Final = 20_000
"""In one room: far more than anybody scans, so that no loop fills the disk."""
_NAME: Final = 80
_KEY: Final = 40
_BULK: Final = 500
NOWHERE: Final = ""
"""Stands for what is in no room, among the rooms of a new count."""


class Answer(msgspec.Struct, frozen=True):
    """What a scan came to. `asset`: the entry, "" for none; `others`: entries it may mean;
    `before`: where, when and by whom it was seen already (room of the count, time, actor)."""

    outcome: Outcome
    text: str
    asset: str = ""
    others: tuple[str, ...] = ()
    before: tuple[str, int, str] | None = None


class Scanned(msgspec.Struct, frozen=True):
    """What comes from a phone. `key` is made there, so that it may be sent again."""

    text: str
    key: str
    how: How = "typed"


def begin(site_id: str, name: str, rooms: Collection[str], *, by: By) -> str:
    """A new count of these rooms (NOWHERE: of what is in none); its id. Raises RegisterError."""
    wanted = sorted(set(rooms) - {NOWHERE})
    if not rooms:
        raise RegisterError("nothing", "Tick the rooms that are to be counted.", "rooms")
    if len(wanted) > MOST_ROOMS:
        raise RegisterError("too_many", f"Not more than {MOST_ROOMS:,} rooms at once.", "rooms")
    with transaction.atomic():
        there = Room.objects.filter(site_id=site_id, ended_at=None, id__in=wanted)
        if there.count() != len(wanted):
            raise RegisterError("not_found", "One of these rooms is not there any more.", "rooms")
        take = StockTake(
            id=new_id("take", by.at),
            site_id=site_id,
            name=_name(name),
            begun_at=by.at,
            begun_by=by.actor,
        )
        take.save(force_insert=True)
        ids: list[str | None] = [*wanted, *([None] if NOWHERE in rooms else [])]
        CountedRoom.objects.bulk_create(
            [
                CountedRoom(id=new_id("croom", by.at), site_id=site_id, take=take, room_id=room)
                for room in ids
            ]
        )
        _record(take, "count.begin", by, {"rooms": [room or "" for room in ids]})
    return take.id


def begin_room(site_id: str, counted_id: str, *, by: By) -> None:
    """Freeze what should be in a room; once. Raises RegisterError."""
    with transaction.atomic():
        counted = locked_room(site_id, counted_id, going=False)
        if counted.begun_at is not None:
            return
        there = standing_in(site_id, counted.room_id)
        Expected.objects.bulk_create(
            [
                Expected(site_id=site_id, counted=counted, asset_id=asset, trolley=trolley)
                for asset, trolley in _only_once(counted, there)
            ],
            batch_size=_BULK,
        )
        counted.begun_at, counted.begun_by = by.at, by.actor
        counted.save(update_fields=["begun_at", "begun_by"])
        expected = {"expected": [asset for asset, _ in there]}
        _record(counted.take, "count.room", by, {"room": counted.id, **expected})


def scan(site_id: str, counted_id: str, scanned: Scanned, *, by: By) -> Answer:
    """Take one scan into a room's count. Sent again, it answers the same and counts once. Raises
    RegisterError."""
    text = looking_up.plain(scanned.text)
    if not text:
        return Answer("empty", "")
    with transaction.atomic():
        counted = locked_room(site_id, counted_id)
        found = looking_up.entries(site_id, scanned.text)
        if len(found) > 1:
            return Answer("unclear", text, others=tuple(found))
        asset = found[0] if found else ""
        standing = tally_of(counted, asset)
        again = _sent_before(counted, scanned.key)
        before = None if again else _seen_before(standing, counted, asset, text)
        if before is not None and before[0] == counted.id:
            return Answer("twice", text, asset, before=before)
        if not again:  # what was seen in another room stands where it was seen last
            _append(counted, "seen", scanned, asset, by)
        if not asset:
            return Answer("strange", text)
        due = standing.due.get(asset)
        here = due is not None and due.counted == counted.id
        return Answer("found" if here else "moved", text, asset, before=before)


def mark(
    site_id: str, counted_id: str, kind: str, scanned: Scanned, asset: str = "", *, by: By
) -> None:
    """One tap on something in the list: it is here, it is not, look into it, it lives here now. No
    `asset`: on a text that the register does not know. Raises RegisterError."""
    if kind not in MARKS or (not asset and kind != "gone"):
        raise RegisterError("bad_value", "This cannot be said of what was scanned.")
    with transaction.atomic():
        counted = locked_room(site_id, counted_id)
        if asset and not Asset.objects.filter(site_id=site_id, id=asset).exists():
            raise RegisterError("not_found", "There is no such entry in this school's register.")
        if kind == "lives" and counted.room_id is None:
            raise RegisterError("no_room", "Nothing can live here: this is no room.")
        if not _sent_before(counted, scanned.key):
            _append(counted, kind, scanned, asset, by)


def add_to_register(
    site_id: str, counted_id: str, scanned: Scanned, values: Mapping[str, object], *, by: By
) -> str:
    """Make an entry of what the register did not know, in this room and counted; its id. Raises
    RegisterError."""
    with transaction.atomic():
        counted = locked_room(site_id, counted_id)
        if _sent_before(counted, scanned.key):
            sent = CountScan.objects.get(counted=counted, key=scanned.key)
            return sent.asset_id or ""
        told = {**values, "room": counted.room_id or ""}
        asset = register.add(site_id, told, by=by)
        _append(counted, "seen", scanned, asset, by)
    return asset


def close_room(site_id: str, counted_id: str, *, by: By) -> None:
    """Everybody is through with this room. Raises RegisterError."""
    with transaction.atomic():
        counted = locked_room(site_id, counted_id)
        counted.closed_at, counted.closed_by = by.at, by.actor
        counted.save(update_fields=["closed_at", "closed_by"])
        names = ("id", "at", "scanned_by", "kind", "how", "asset_id", "key")
        scans = [list(row) for row in counted.scans.order_by("id").values_list(*names)]
        _record(counted.take, "count.close_room", by, {"room": counted.id, "scans": scans})


def reopen_room(site_id: str, counted_id: str, *, by: By) -> None:
    """Go on counting a room that was closed. Raises RegisterError."""
    with transaction.atomic():
        counted = locked_room(site_id, counted_id, going=False)
        if counted.closed_at is None:
            return
        counted.closed_at, counted.closed_by = None, ""
        counted.save(update_fields=["closed_at", "closed_by"])
        _record(counted.take, "count.open_room", by, {"room": counted.id})


def stop(site_id: str, take_id: str, *, by: By) -> None:
    """Give a count up; nothing follows from it. Raises RegisterError."""
    with transaction.atomic():
        take = locked_take(site_id, take_id)
        if take.finished_at is not None:
            raise RegisterError("finished", "This count is finished already.")
        take.stopped_at = by.at
        take.save(update_fields=["stopped_at"])
        _record(take, "count.stop", by, {})


def _only_once(counted: CountedRoom, there: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what another room of the same count expects: it was moved since that one began."""
    others = Expected.objects.filter(counted__take=counted.take_id)
    known = set(others.values_list("asset_id", flat=True))
    return [(asset, trolley) for asset, trolley in there if asset not in known]


def _sent_before(counted: CountedRoom, key: str) -> bool:
    if not key or len(key) > _KEY or not key.isprintable():
        raise RegisterError("bad_value", "This was sent without its number. Load the page again.")
    return CountScan.objects.filter(counted=counted, key=key).exists()


def _seen_before(
    standing: Tally, counted: CountedRoom, asset: str, text: str
) -> tuple[str, int, str] | None:
    if not asset:
        known = standing.strange.get(counted.id, [])
        same = [one for one in known if alike(one.text) == alike(text)]
        return (counted.id, same[0].at, same[0].by) if same else None
    seen = standing.seen.get(asset)
    if seen is None or seen.trolley:  # with its trolley, and now by itself
        return None
    return (seen.counted, seen.at, seen.by)


def _append(counted: CountedRoom, kind: str, scanned: Scanned, asset: str, by: By) -> None:
    if CountScan.objects.filter(counted=counted).count() >= MOST_SCANS:
        raise RegisterError("too_many", "This room has more scans than a count can hold.")
    CountScan.objects.create(
        site_id=counted.site_id,
        counted=counted,
        key=scanned.key,
        at=by.at,
        scanned_by=by.actor,
        kind=kind,
        how=scanned.how,
        text=looking_up.plain(scanned.text),
        asset_id=asset or None,
    )


def _name(name: str) -> str:
    plain = str(clean("name", name))
    if not plain or len(plain) > _NAME:
        raise RegisterError("bad_value", f"A count's name has 1 to {_NAME} characters.", "name")
    return plain


def _record(take: StockTake, verb: str, by: By, after: Mapping[str, object]) -> None:
    ledger.append(
        site_id=take.site_id, at=by.at, actor=by.actor, verb=verb, subject=take.id, after=after
    )
