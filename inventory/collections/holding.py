"""A collection, locked with all it touches, before anything of it is written.

One order for everybody: the collection, its disposals, what listens to things that leave, their
entries; the ledger's tail comes last.
"""

from collections.abc import Collection as Several
from collections.abc import Mapping

import msgspec

from inventory.assets.errors import RegisterError
from inventory.collections.gathering import Gathered, Thing, gather
from inventory.disposal import departing, rulings, storing
from inventory.disposal.reducing import replay
from inventory.disposal.rules import Rules
from inventory.many import by_id
from inventory.models import Asset, Collection, CollectionLine, Disposal, Site


class Held(msgspec.Struct, frozen=True):
    """`book`: every version of the rules; `rules`: those in force."""

    collection: Collection
    things: tuple[Thing, ...]
    book: Mapping[str, Rules]
    rules: Rules
    timezone: str

    def gathered(self) -> Gathered:
        """Its papers as they are now."""
        return gather(self.collection, self.things, self.book)


def held(site_id: str, collection_id: str, *, at: int) -> Held:
    """Lock a collection that went. Raises RegisterError."""
    rows = Collection.objects.select_for_update().filter(site_id=site_id)
    collection = rows.filter(id=collection_id).first()
    if collection is None:
        raise RegisterError("not_found", "There is no such collection in this school.")
    if collection.state != "collected":
        said = "has not been collected yet" if collection.state == "booked" else "is closed"
        raise RegisterError("not_now", f"This collection {said}. Look at it again.")
    lines = went(collection)
    disposals = lock(site_id, [line.disposal for line in lines])
    return _read(collection, lines, disposals, rulings.in_force(site_id, at=at))


def lock(site_id: str, ids: Several[str]) -> list[Disposal]:
    """Disposals with what listens and their entries, before the ledger's tail is taken."""
    rows = by_id(Disposal.objects.select_for_update().filter(site_id=site_id), ids)
    assets = [row.asset_id for row in rows]
    departing.hold(site_id, assets)
    by_id(Asset.objects.select_for_update().filter(site_id=site_id), assets)
    return rows


def looked_at(collection: Collection) -> Held:
    """The same to be looked at: nothing is locked, nothing written."""
    lines = went(collection)
    rows = by_id(
        Disposal.objects.filter(site_id=collection.site_id), [line.disposal for line in lines]
    )
    return _read(collection, lines, rows, rulings.current(collection.site_id))


def went(collection: Collection) -> list[CollectionLine]:
    """The lines of what went."""
    return list(collection.lines.filter(went=True).order_by("disposal"))


def _read(
    collection: Collection,
    lines: Several[CollectionLine],
    disposals: Several[Disposal],
    rules: Rules,
) -> Held:
    book = rulings.book(collection.site_id)
    histories = storing.events(disposals)
    by_disposal = {line.disposal: line for line in lines}
    things = tuple(
        Thing(
            disposal=row.id,
            asset=row.asset_id,
            name=by_disposal[row.id].name,
            listed=tuple(one.get("raw") or one["serial"] for one in by_disposal[row.id].media),
            now=replay(histories[row.id], book),
        )
        for row in disposals
    )
    zone = Site.objects.values_list("timezone", flat=True).get(id=collection.site_id)
    return Held(collection, things, book, rules, zone)
