"""What pages read of counts. Every string is as it was typed or scanned."""

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal

import msgspec

from inventory import naming
from inventory.assets.kinds import kind_of
from inventory.many import by_id
from inventory.models import Asset, CountedRoom, CountScan, Expected, StockTake
from inventory.stocktake import finishing
from inventory.stocktake.folding import RoomTally, Scan, Tally
from inventory.stocktake.rows import standing_in, tally

State = Literal["open", "finished", "signed", "stopped"]
RoomState = Literal["waiting", "going", "closed"]
Is = Literal["found", "moved", "elsewhere", "missing"]
MOST_TAKES: Final = 100
MOST_THINGS: Final = 1_000
"""Of one kind on a page of one room; a hall's worth."""
NOWHERE_NAME: Final = "In no room"


class Counted(msgspec.Struct, frozen=True):
    """A room of a count and its numbers so far."""

    id: str
    room: str
    name: str
    state: RoomState
    begun_at: int | None
    closed_at: int | None
    expected: int = 0
    found: int = 0
    moved: int = 0
    elsewhere: int = 0
    missing: int = 0
    strange: int = 0
    counters: tuple[str, ...] = ()


class Take(msgspec.Struct, frozen=True):
    """A count. `result`: the rooms' results once it is finished, by room of the count."""

    id: str
    site: str
    name: str
    state: State
    begun_at: int
    begun_by: str
    finished_at: int | None
    finished_by: str
    signed_at: int | None
    signed_by: str
    signed_name: str
    signature: str
    digest: str
    batch: str
    rooms: tuple[Counted, ...] = ()
    counters: tuple[str, ...] = ()
    result: Mapping[str, Mapping[str, Any]] = {}
    as_signed: bool = True


class Thing(msgspec.Struct, frozen=True):
    """One thing in a room's count. `place`: where the register has it; `seen_in`: the room of the
    count it was seen in; `inside`: (all, seen) of what it holds, None where it holds nothing."""

    asset: str
    is_: Is
    tag: str
    name: str
    kind: str
    serial: str
    state: str
    holder: str
    trolley: str
    trolley_name: str
    place: str
    seen_in: str
    at: int | None
    by: str
    by_itself: bool
    lives: bool
    opened: bool
    inside: tuple[int, int] | None


class Room(msgspec.Struct, frozen=True):
    """The count of one room as it stands. `more`: how many things are not listed."""

    id: str
    site: str
    take: str
    take_name: str
    take_state: State
    name: str
    state: RoomState
    closed_at: int | None
    is_room: bool
    counted: Counted
    things: tuple[Thing, ...]
    strange: tuple[Scan, ...]
    more: int = 0


def takes(sites: Collection[str]) -> list[Take]:
    """The counts of these schools, newest first, without their rooms."""
    rows = StockTake.objects.filter(site__in=sites).order_by("-id")[:MOST_TAKES]
    return [_take(row) for row in rows]


def take(sites: Collection[str], take_id: str) -> Take | None:
    """One count with its rooms in walking order; None where it is not theirs."""
    row = StockTake.objects.filter(site__in=sites, id=take_id).first()
    if row is None:
        return None
    rooms = _rooms(row)
    standing = tally(row)
    made = standing.rooms([room.id for room in rooms])
    signed = row.signed_at is not None
    return _take(
        row,
        rooms=tuple(_counted(room, made[room.id], standing) for room in rooms),
        counters=tuple(finishing.counters(row)),
        result={room.id: room.result for room in rooms if room.result},
        as_signed=finishing.as_signed(row) if signed else True,
    )


def room(sites: Collection[str], counted_id: str) -> Room | None:
    """The count of one room; None where it is not theirs."""
    rows = CountedRoom.objects.filter(site__in=sites, id=counted_id)
    row = rows.select_related("take", "room").first()
    if row is None:
        return None
    standing = tally(row.take)
    made = standing.room(row.id)
    listed: list[tuple[str, Is]] = [
        *((asset, "moved") for asset in made.moved[:MOST_THINGS]),
        *((asset, "missing") for asset in made.missing[:MOST_THINGS]),
        *((asset, "elsewhere") for asset in made.elsewhere[:MOST_THINGS]),
        *((asset, "found") for asset in made.found[:MOST_THINGS]),
    ]
    every = made.expected + len(made.moved)
    return Room(
        id=row.id,
        site=row.site_id,
        take=row.take_id,
        take_name=row.take.name,
        take_state=_state(row.take),
        name=_name(row),
        state=_room_state(row),
        closed_at=row.closed_at,
        is_room=row.room_id is not None,
        counted=_counted(row, made, standing),
        things=tuple(_things(row, listed, standing)),
        strange=tuple(made.strange[:MOST_THINGS]),
        more=every - len(listed),
    )


def thing(sites: Collection[str], counted_id: str, asset_id: str) -> Thing | None:
    """One entry as the count of a room has it; None where there is none, or it is not theirs."""
    row = CountedRoom.objects.filter(site__in=sites, id=counted_id).select_related("take").first()
    if row is None:
        return None
    standing = tally(row.take)
    made = standing.room(row.id)
    named: list[tuple[list[str], Is]] = [
        (made.found, "found"),
        (made.moved, "moved"),
        (made.elsewhere, "elsewhere"),
    ]
    is_: Is = next((name for ids, name in named if asset_id in ids), "missing")
    return next(iter(_things(row, [(asset_id, is_)], standing)), None)


def site_of(sites: Collection[str], take_id: str) -> str | None:
    """The school of a count, if it is one of these."""
    rows = StockTake.objects.filter(site__in=sites, id=take_id)
    return rows.values_list("site_id", flat=True).first()


def site_of_room(sites: Collection[str], counted_id: str) -> str | None:
    """The school of a counted room, if it is one of these."""
    rows = CountedRoom.objects.filter(site__in=sites, id=counted_id)
    return rows.values_list("site_id", flat=True).first()


def expected_now(sites: Collection[str], take_id: str) -> dict[str, list[tuple[str, str]]]:
    """For paper: room of the count → (entry, trolley) of what should be there, frozen where its
    count has begun, else as the register is now."""
    found = {}
    for row in CountedRoom.objects.filter(site__in=sites, take=take_id):
        begun = Expected.objects.filter(counted=row).order_by("id")
        found[row.id] = (
            list(begun.values_list("asset_id", "trolley"))
            if row.begun_at
            else standing_in(row.site_id, row.room_id)
        )
    return found


def entries(sites: Collection[str], assets: Collection[str]) -> dict[str, dict[str, str]]:
    """Tag, name, kind, serial, state and place of entries, by id."""
    mine = by_id(Asset.objects.filter(site__in=sites), assets)
    return finishing.entries({row.id for row in mine})


def last_counted(sites: Collection[str], asset_id: str) -> tuple[int, str] | None:
    """When and by whom an entry was last seen in a count."""
    scans = CountScan.objects.filter(
        site__in=sites, asset=asset_id, kind__in=("seen", "with"), counted__take__stopped_at=None
    )
    return scans.order_by("-id").values_list("at", "scanned_by").first()


def _things(row: CountedRoom, listed: list[tuple[str, Is]], standing: Tally) -> list[Thing]:
    there = by_id(Asset.objects.filter(site=row.site_id), [asset for asset, _ in listed])
    entries = {entry.id: entry for entry in there}
    trolleys = {seen.trolley for seen in standing.seen.values() if seen.trolley}
    trolleys |= {due.trolley for due in standing.due.values() if due.trolley}
    for entry in entries.values():
        trolleys |= {entry.holder, entry.room_id or "", entry.parent_id or ""}
    names = naming.names([row.site_id], trolleys)
    rooms = {one.id: _name(one) for one in _rooms(row.take)}
    beside = _Beside(standing, names, rooms, _inside(standing))
    return [_thing(entries[asset], is_, beside) for asset, is_ in listed if asset in entries]


class _Beside(msgspec.Struct, frozen=True):
    """What is said of a thing from elsewhere: names by id, rooms of the count by id."""

    standing: Tally
    names: Mapping[str, str]
    rooms: Mapping[str, str]
    inside: Mapping[str, tuple[int, int]]


def _thing(entry: Asset, is_: Is, beside: _Beside) -> Thing:
    standing, names = beside.standing, beside.names
    seen, due = standing.seen.get(entry.id), standing.due.get(entry.id)
    trolley = (seen.trolley if seen else "") or (due.trolley if due else "")
    holds = kind_of(entry.kind).holds
    return Thing(
        asset=entry.id,
        is_=is_,
        tag=entry.tag,
        name=entry.name or f"{entry.make} {entry.model}".strip(),
        kind=entry.kind,
        serial=entry.serial,
        state=entry.state,
        holder=names.get(entry.holder, ""),
        trolley=trolley,
        trolley_name=names.get(trolley, ""),
        place=names.get(entry.parent_id or entry.room_id or "", ""),
        seen_in=beside.rooms.get(seen.counted, "") if seen else "",
        at=seen.at if seen else None,
        by=seen.by if seen else "",
        by_itself=bool(seen and not seen.trolley),
        lives=entry.id in standing.lives,
        opened=entry.id in standing.opened,
        inside=beside.inside.get(entry.id, (0, 0)) if holds else None,
    )


def _inside(standing: Tally) -> dict[str, tuple[int, int]]:
    """Trolley → how many things are kept in it, and how many of them were seen."""
    found: dict[str, tuple[int, int]] = {}
    kept = {asset: due.trolley for asset, due in standing.due.items() if due.trolley}
    kept |= {asset: seen.trolley for asset, seen in standing.seen.items() if seen.trolley}
    for asset, trolley in kept.items():
        every, seen = found.get(trolley, (0, 0))
        found[trolley] = (every + 1, seen + (asset in standing.seen))
    return found


def _rooms(row: StockTake) -> list[CountedRoom]:
    order = ("room__order", "room__building", "room__name", "id")
    rooms = list(row.rooms.select_related("room").order_by(*order))
    return sorted(rooms, key=lambda room: room.room_id is None)  # stable: no room comes last


def _counted(row: CountedRoom, made: RoomTally, standing: Tally) -> Counted:
    return Counted(
        id=row.id,
        room=row.room_id or "",
        name=_name(row),
        state=_room_state(row),
        begun_at=row.begun_at,
        closed_at=row.closed_at,
        expected=made.expected,
        found=len(made.found),
        moved=len(made.moved),
        elsewhere=len(made.elsewhere),
        missing=len(made.missing),
        strange=len(made.strange),
        counters=tuple(standing.counters.get(row.id, ())),
    )


def _take(row: StockTake, **more: Any) -> Take:
    return Take(
        id=row.id,
        site=row.site_id,
        name=row.name,
        state=_state(row),
        begun_at=row.begun_at,
        begun_by=row.begun_by,
        finished_at=row.finished_at,
        finished_by=row.finished_by,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        signed_name=row.signed_name,
        signature=row.signature,
        digest=row.digest,
        batch=row.batch,
        **more,
    )


def _state(row: StockTake) -> State:
    if row.stopped_at is not None:
        return "stopped"
    if row.signed_at is not None:
        return "signed"
    return "open" if row.finished_at is None else "finished"


def _room_state(row: CountedRoom) -> RoomState:
    if row.begun_at is None:
        return "waiting"
    return "going" if row.closed_at is None else "closed"


def _name(row: CountedRoom) -> str:
    return naming.room_name(row.room.building, row.room.name) if row.room else NOWHERE_NAME
