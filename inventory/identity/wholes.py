"""What an entry is by now: itself, or the one it was found to be part of (`merging`)."""

from collections.abc import Collection

from django.db.models import QuerySet

from inventory.many import by_id
from inventory.models import Asset


def wholes(rows: QuerySet[Asset], ids: Collection[str]) -> dict[str, Asset]:
    """The entry that counts for each of the ids, however often it was merged; one that is not among
    `rows` is left out. One query, and one more for each step some entry was merged by."""
    known: dict[str, Asset] = {}
    missing = set(ids)
    while missing:
        known |= {row.id: row for row in by_id(rows, missing)}
        into = {row.merged_into for row in known.values() if row.state == "merged"}
        missing = into - known.keys() if missing & known.keys() else set()
    return {one: _follow(known[one], known) for one in ids if one in known}


def whole(rows: QuerySet[Asset], asset_id: str) -> Asset:
    """Likewise of one id. Raises Asset.DoesNotExist."""
    row = rows.get(id=asset_id)
    while row.state == "merged":
        row = rows.get(id=row.merged_into)
    return row


def _follow(row: Asset, known: dict[str, Asset]) -> Asset:
    while row.state == "merged":
        row = known[row.merged_into]
    return row
