"""What is judged of entries: the facts of `checks.records.entries`, straight from the rows."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from checks.records.entries.facts import EntryFacts, Holder
from inventory.assets.fields import FIELDS
from inventory.assets.kinds import kind_of
from inventory.assets.states import OWNED
from inventory.many import parts
from inventory.models import Asset

_ASKED: Final = tuple(name for name, field in FIELDS.items() if field.kind != "ref")
_PREFIXES: Final[Mapping[str, Holder]] = {
    "pers": "person",
    "room": "room",
    "pool": "pool",
    "asset": "trolley",
}


def facts(
    site_id: str, asset_ids: Collection[str] | None = None
) -> Iterator[tuple[str, str, EntryFacts]]:
    """(id, kind, facts) of the entries of a school that are not gone, or of some of them; by id."""
    rows = Asset.objects.filter(site_id=site_id, state__in=OWNED).order_by("id")
    columns = ("id", "state", "holder", "due_on", "room_id", "pool_id", "parent_id", *_ASKED)
    chosen = [rows] if asset_ids is None else (rows.filter(id__in=p) for p in parts(asset_ids))
    for part in chosen:
        for row in part.values(*columns).iterator(chunk_size=2_000):
            yield row["id"], row["kind"], _facts(row)


def _facts(row: Mapping[str, Any]) -> EntryFacts:
    filled = [name for name in _ASKED if row[name] not in ("", None)]
    if row["kind"] == "other":  # what nobody has said
        filled.remove("kind")
    if row["room_id"] or row["parent_id"]:
        filled.append("place")
    return EntryFacts(
        state=row["state"],
        provided=row["ownership"] == "provided",
        carried=kind_of(row["kind"]).carried,
        filled=filled,
        holder=_PREFIXES.get(row["holder"].partition("_")[0], ""),
        placed=bool(row["room_id"]),
        grouped=bool(row["pool_id"] or row["parent_id"]),
        due_on=row["due_on"],
    )
