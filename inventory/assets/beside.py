"""Kept beside the entries, in the transaction that changes them: how many are in which state and of
which kind, and the text a search looks through (A8)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import connection

from inventory.models import Asset, AssetEvent

SOUGHT: Final = (
    *("tag", "name", "make", "model", "serial", "imei", "security_mark", "finance_number"),
    *("supplier", "order", "invoice", "owner", "notes"),
)
"""Fields a search looks through."""
_TALLY: Final = (
    "INSERT INTO inventory_assettally (site_id, state, kind, n) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (site_id, state, kind) DO UPDATE SET n = inventory_assettally.n + excluded.n"
)
_TEXT: Final = (
    "INSERT INTO inventory_assettext (site_id, asset_id, text) VALUES (%s, %s, %s) "
    "ON CONFLICT (site_id, asset_id) DO UPDATE SET text = excluded.text"
)
_RECOUNT: Final = (
    "INSERT INTO inventory_assettally (site_id, state, kind, n) "
    "SELECT site_id, state, kind, count(*) FROM inventory_asset GROUP BY site_id, state, kind"
)


def follow(site_id: str, changed: Sequence[Asset], events: Sequence[AssetEvent]) -> None:
    """Take over what these events changed; `changed` are their entries, one event each.

    Counts are written in order, so that two writers on PostgreSQL never wait in a circle.
    """
    counts: Counter[tuple[str, str]] = Counter()
    texts = []
    for asset, event in zip(changed, events, strict=True):
        _count(counts, asset, event)
        if not event.before or not event.after.keys().isdisjoint(SOUGHT):
            texts.append((site_id, asset.id, text_of(asset)))
    tally = [(site_id, *key, n) for key, n in sorted(counts.items()) if n]
    with connection.cursor() as cursor:
        if tally:
            cursor.executemany(_TALLY, tally)
        if texts:
            cursor.executemany(_TEXT, texts)


def recount(assets: Iterable[Asset]) -> None:
    """Counts and texts from the rows as they stand: for whoever writes rows without their
    events."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM inventory_assettally")
        cursor.execute(_RECOUNT)
        cursor.executemany(_TEXT, [(row.site_id, row.id, text_of(row)) for row in assets])


def text_of(asset: Asset) -> str:
    """One field in a line, in lower case."""
    found = (getattr(asset, name) for name in SOUGHT)
    return "\n".join(text.casefold() for text in found if text)


def _count(counts: Counter[tuple[str, str]], asset: Asset, event: AssetEvent) -> None:
    now = asset.state, asset.kind
    counts[now] += 1
    if event.before:
        before: Mapping[str, Any] = event.before
        counts[before.get("state", now[0]), before.get("kind", now[1])] -= 1
