"""A collection that drove away, with laptops whose drives the school wiped itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.disposal import recording, serials
from inventory.disposal.events import Event
from inventory.disposal.now import Now
from inventory.disposal.recording import Move, Stamp
from inventory.disposal.values import FoundMedium
from inventory.ids import new_id
from inventory.models import Collection, CollectionLine, Contractor, Disposal, DisposalEvidence
from tests.inventory.disposal.telling import step

NOW: Final = 1_795_400_000
DAY: Final = 86_400
COLLECTED_AT: Final = NOW + 10 * 600
LATER: Final = COLLECTED_AT + DAY
ON: Final = "2026-11-23"
"""The day of the collection."""
AFTER: Final = "2026-11-24"
TECHNICIAN: Final = "user_technician"
OFFICE: Final = "user_office"
HEAD: Final = "user_head"
FILE: Final = "ab" * 32
OTHER_FILE: Final = "cd" * 32
CLAUSE: Final = "We accept responsibility for the destruction of any personal data."


class Away(msgspec.Struct, frozen=True):
    """What was made: ids. `disposals` by tag."""

    site: str
    collection: str
    contractor: str
    disposals: dict[str, str]


def hdd(serial: str) -> FoundMedium:
    """A disk as an inspection writes it down."""
    key = serials.key(serial)
    return FoundMedium(serial=key, kind="hdd_ata", serial_raw=serial, size_bytes=500_107_862_016)


def away(
    site: str,
    things: Mapping[str, Sequence[str]],
    *,
    people: tuple[str, str] = (TECHNICIAN, HEAD),
    at: int = NOW,
) -> Away:
    """Laptops by tag with the serials of their drives, wiped, approved and collected. `people`:
    who asks, and who approves."""
    asks, approves = people
    by = By(asks, at)
    _files(site, at)
    entries = {
        tag: assets.add(site, {"tag": tag, "kind": "laptop", "model": "ProBook"}, by=by)
        for tag in things
    }
    begun = {entries[tag]: [_begins(entries[tag], tag, drives)] for tag, drives in things.items()}
    found = recording.begin(site, begun, by)
    tags = {entry: tag for tag, entry in entries.items()}
    ids = {tags[one.now.asset]: one.disposal for one in found}
    keys = {tag: [serials.key(one) for one in drives] for tag, drives in things.items()}
    plan: list[tuple[str, dict[str, list[recording.Make]]]] = [
        (asks, {tag: [does("inspected"), does("requested")] for tag in ids}),
        (approves, {tag: [does("approved")] for tag in ids}),
        (asks, {tag: _wipes(keys[tag]) for tag in ids}),
        (approves, {tag: [does("validated", medium=one) for one in keys[tag]] for tag in ids}),
    ]
    for number, (who, makes) in enumerate(plan, 1):
        moves = [Move(one, make) for tag, one in ids.items() for make in makes[tag]]
        if moves:
            recording.record(site, moves, By(who, at + number * 600))
    return _collect(site, things, ids, By(asks, at + 6_000))


def _files(site: str, at: int) -> None:
    """What the steps name as evidence; nobody opens it here."""
    for number, digest in enumerate((FILE, OTHER_FILE)):
        DisposalEvidence.objects.get_or_create(
            site_id=site,
            sha256=digest,
            defaults={
                "id": f"evi_{number}",
                "size": 1,
                "media_type": "text/plain",
                "name": "log.txt",
                "kind": "wipe_log",
                "source": "device",
                "added_at": at,
                "added_by": TECHNICIAN,
            },
        )


def _collect(site: str, things: Mapping[str, Sequence[str]], ids: dict[str, str], by: By) -> Away:
    on = datetime.fromtimestamp(by.at, UTC).date().isoformat()
    firm, _ = Contractor.objects.get_or_create(
        site_id=site,
        name="Green IT Ltd",
        defaults={"id": new_id("firm", by.at), "created_at": by.at, "created_by": by.actor},
    )
    collection = Collection.objects.create(
        id=new_id("coll", by.at),
        site_id=site,
        contractor=firm,
        handover="waste",
        day=on,
        state="collected",
        booked_at=by.at,
        booked_by=by.actor,
        collected_at=by.at,
        collected_by=by.actor,
    )
    for tag, disposal in ids.items():
        CollectionLine.objects.create(
            id=new_id("line", by.at),
            site_id=site,
            collection=collection,
            disposal=disposal,
            asset_id=Disposal.objects.get(id=disposal).asset_id,
            open=False,
            went=True,
            tag=tag,
            name="ProBook",
            media=[{"serial": serials.key(one), "raw": one} for one in things[tag]],
        )
    make = does("collected", collection=collection.id, contractor=firm.id)
    recording.record(site, [Move(one, make) for one in ids.values()], by)
    return Away(site, collection.id, firm.id, ids)


def _begins(entry: str, tag: str, drives: Sequence[str]) -> recording.Make:
    make = does("withdrawn", asset=entry, found=tuple(hdd(one) for one in drives))

    def tagged(now: Now, stamp: Stamp) -> Event:
        return msgspec.structs.replace(make(now, stamp), tag=tag)

    return tagged


def _wipes(keys: Sequence[str]) -> list[recording.Make]:
    return [
        make
        for key in keys
        for make in (does("sanitised", medium=key), does("verified", medium=key))
    ]


def does(tag: str, **said: Any) -> recording.Make:
    """A step as it would be taken, with what a test wants different."""

    def make(now: Now, stamp: Stamp) -> Event:
        own: dict[str, Any] = {"performer": stamp["actor"]} if tag == "sanitised" else {}
        own |= {"seq": stamp["seq"], "at": stamp["at"], "actor": stamp["actor"]}
        return step(now, tag, **{**own, **said})

    return make
