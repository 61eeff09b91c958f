"""The end of a count: what it came to, frozen; what lives elsewhere, moved; who signs (S34).

A count that only one person made is signed by another one. In a school of three the technician
counts and the head or the business manager signs; where the business manager keeps the register and
counts, the head signs. Whoever counted together with somebody else may sign, too.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from django.db import transaction

from inventory.assets import services as register
from inventory.assets.errors import RegisterError
from inventory.assets.fields import clean
from inventory.assets.states import MOVES
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.many import by_id
from inventory.models import Asset, CountedRoom, CountScan, Event, StockTake
from inventory.naming import room_name
from inventory.stocktake.folding import RoomTally, Tally
from inventory.stocktake.rows import locked_take, tally

COUNTED: Final = ("found", "moved", "elsewhere", "missing")
SIGNED: Final = "count.sign"
_DIGEST: Final = 64
_SIGNER: Final = 120
_BULK: Final = 500
_NOWHERE: Final = "In no room"


def finish(site_id: str, take_id: str, *, by: By) -> None:
    """Write down what the count came to, and move what lives elsewhere now. Raises RegisterError
    where a room is still open or none was begun."""
    with transaction.atomic():
        take = locked_take(site_id, take_id)
        if take.finished_at is not None:
            raise RegisterError("finished", "This count is finished already.")
        rooms = list(take.rooms.select_for_update(of=("self",)).select_related("room"))
        _check_closed(rooms)
        standing = tally(take)
        by = msgspec.structs.replace(by, batch=new_id("batch", by.at))
        _freeze(rooms, standing)  # as the register is before anything is moved
        _write_down_contents(rooms, standing)
        moved = _move(site_id, rooms, standing, by)
        take.batch = by.batch if moved else ""
        take.finished_at, take.finished_by = by.at, by.actor
        take.digest = digest_of(take, rooms)
        take.save(update_fields=["batch", "finished_at", "finished_by", "digest"])
        _record(take, "count.finish", by, {"result": take.digest})


def sign(site_id: str, take_id: str, name: str, *, signature: str = "", by: By) -> None:
    """Answer for a finished count, with a name and perhaps the picture of a signature. Raises
    RegisterError where only they counted."""
    plain = str(clean("name", name))
    if not plain or len(plain) > _SIGNER:
        raise RegisterError("bad_value", "Write your name to sign.", "name")
    if signature and len(signature) != _DIGEST:
        raise RegisterError("bad_value", "A signature is named by its digest.", "signature")
    with transaction.atomic():
        take = _to_sign(site_id, take_id, by.actor)
        take.signed_at, take.signed_by = by.at, by.actor
        take.signed_name, take.signature = plain, signature
        take.save(update_fields=["signed_at", "signed_by", "signed_name", "signature"])
        _record(take, SIGNED, by, _signed(take))


def check_signer(site_id: str, take_id: str, actor: str) -> None:
    """Before anything of a signature is kept. Raises RegisterError as `sign` would."""
    with transaction.atomic():
        _to_sign(site_id, take_id, actor)


def _to_sign(site_id: str, take_id: str, actor: str) -> StockTake:
    take = locked_take(site_id, take_id)
    if take.finished_at is None:
        raise RegisterError("not_finished", "Finish the count first, then sign it.")
    if take.signed_at is not None:
        raise RegisterError("signed", "This count is signed already.")
    if why := why_not(counters(take), actor):
        raise RegisterError("only_counter", why)
    return take


def why_not(counted_by: Collection[str], actor: str) -> str:
    """Why this person cannot sign a count that these made, "" where they can."""
    if not counted_by:
        return "Nothing was counted, so there is nothing to sign."
    if set(counted_by) == {actor}:
        return (
            "You counted everything yourself, so somebody else signs: the head or the business "
            "manager, whoever of them did not count."
        )
    return ""


def mark_lost(site_id: str, take_id: str, assets: Collection[str], *, by: By) -> tuple[int, str]:
    """Say of things this count did not find that they are lost; how many, and the step to undo.
    Raises RegisterError."""
    with transaction.atomic():
        take = locked_take(site_id, take_id)
        if take.finished_at is None:
            raise RegisterError("not_finished", "Finish the count first.")
        gone = set(missing(take))
        wanted = sorted(gone & set(assets))
        rows = by_id(Asset.objects.filter(site_id=site_id), wanted)
        able = [row.id for row in rows if _can_be_lost(row.state)]
        if not able:
            raise RegisterError("nothing", "Tick what is lost.")
        by = msgspec.structs.replace(by, batch=new_id("batch", by.at))
        return register.move(site_id, able, "lost", by=by), by.batch


def missing(take: StockTake) -> list[str]:
    """Entries a finished count did not find."""
    return [
        line["asset"]
        for room in take.rooms.all()
        for line in room.result.get("lines", [])
        if line["is"] == "missing"
    ]


def counters(take: StockTake) -> list[str]:
    """Who counted, by what they scanned."""
    scans = CountScan.objects.filter(counted__take=take).exclude(kind="with")
    return sorted(set(scans.values_list("scanned_by", flat=True)))


def as_signed(take: StockTake) -> bool:
    """Whether what is kept of a signed count is what the ledger says was signed."""
    if digest_of(take, list(take.rooms.all())) != take.digest:
        return False
    told = Event.objects.filter(site_id=take.site_id, subject=take.id, verb=SIGNED)
    said = told.values_list("after_digest", flat=True)
    return list(said) == [ledger.digest(_signed(take))]


def digest_of(take: StockTake, rooms: Collection[CountedRoom]) -> str:
    """Of a count's whole result."""
    results = {room.id: room.result for room in rooms}
    return ledger.digest({"take": take.id, "finished_at": take.finished_at, "rooms": results})


def _signed(take: StockTake) -> dict[str, Any]:
    who = {"by": take.signed_by, "at": take.signed_at, "signature": take.signature}
    return {"result": take.digest, **who}


def _check_closed(rooms: Collection[CountedRoom]) -> None:
    still = [_called(room) for room in rooms if room.begun_at and not room.closed_at]
    if still:
        named = ", ".join(still[:5]) + (" and others" if len(still) > 5 else "")
        raise RegisterError("open_rooms", f"Close first: {named}.")
    if not any(room.begun_at for room in rooms):
        raise RegisterError("nothing", "No room was counted yet.")


def _move(site_id: str, rooms: Collection[CountedRoom], standing: Tally, by: By) -> int:
    """What lives where it was seen: one step for all."""
    to = {room.id: room.room_id for room in rooms if room.room_id}
    there = by_id(Asset.objects.filter(site_id=site_id, state__in=MOVES), standing.lives)
    still = {row.id for row in there}
    changes = {
        asset: {"room": to[counted], "parent": ""}
        for asset, counted in standing.lives.items()
        if counted in to and asset in still
    }
    return register.change_many(site_id, changes, by=by) if changes else 0


def _write_down_contents(rooms: Collection[CountedRoom], standing: Tally) -> None:
    """A line for each thing that was counted with its trolley, so that its entry says so."""
    here = {room.id: room for room in rooms}
    CountScan.objects.bulk_create(
        [
            CountScan(
                site_id=here[seen.counted].site_id,
                counted=here[seen.counted],
                key=new_id("with", seen.at),
                at=seen.at,
                scanned_by=seen.by,
                kind="with",
                asset_id=asset,
            )
            for asset, seen in standing.seen.items()
            if seen.trolley
        ],
        batch_size=_BULK,
    )


def _freeze(rooms: Collection[CountedRoom], standing: Tally) -> None:
    begun = [room for room in rooms if room.begun_at]
    made = standing.rooms([room.id for room in begun])
    known = entries({asset for one in made.values() for asset in _all(one)})
    for room in rooms:
        counted = made.get(room.id)
        room.result = _result(room, counted, standing, known) if counted else _uncounted(room)
    CountedRoom.objects.bulk_update(rooms, ["result"], batch_size=_BULK)


def _result(
    room: CountedRoom,
    made: RoomTally,
    standing: Tally,
    known: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    lines = []
    for name in COUNTED:
        for asset in getattr(made, name):
            seen = standing.seen.get(asset)
            lines.append(
                {
                    "asset": asset,
                    "is": name,
                    **known[asset],
                    "due": standing.due[asset].counted if asset in standing.due else "",
                    "seen": seen.counted if seen else "",
                    "at": seen.at if seen else None,
                    "by": seen.by if seen else "",
                    "trolley": seen.trolley if seen else "",
                    "lives": standing.lives.get(asset) == room.id,
                }
            )
    strange = [{"text": one.text, "at": one.at, "by": one.by} for one in made.strange]
    return {
        "name": _called(room),
        "expected": made.expected,
        "lines": lines,
        "strange": strange,
        "counters": standing.counters.get(room.id, []),
    } | dict(Counter(line["is"] for line in lines))


def _uncounted(room: CountedRoom) -> dict[str, Any]:
    return {"name": _called(room), "counters": [], "lines": [], "strange": []}


def entries(assets: Collection[str]) -> dict[str, dict[str, str]]:
    """Tag, name, kind, serial, state and place of entries as they are now, by id."""
    return {
        row.id: {
            "tag": row.tag,
            "name": row.name or f"{row.make} {row.model}".strip(),
            "kind": row.kind,
            "serial": row.serial,
            "state": row.state,
            "place": _place(row),
        }
        for row in by_id(Asset.objects.select_related("room", "parent"), assets)
    }


def _place(row: Asset) -> str:
    if row.parent:
        return row.parent.name or row.parent.tag
    return room_name(row.room.building, row.room.name) if row.room else ""


def _all(made: RoomTally) -> list[str]:
    return [*made.found, *made.moved, *made.elsewhere, *made.missing]


def _called(room: CountedRoom) -> str:
    return room_name(room.room.building, room.room.name) if room.room else _NOWHERE


def _can_be_lost(state: str) -> bool:
    return any("lost" in to for known, to in MOVES.items() if known == state)


def _record(take: StockTake, verb: str, by: By, after: Mapping[str, object]) -> None:
    ledger.append(
        site_id=take.site_id, at=by.at, actor=by.actor, verb=verb, subject=take.id, after=after
    )
