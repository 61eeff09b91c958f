"""The one door through which entries change: rows, events, marks and ledger in one step (O7).

Called inside the transaction of whatever caused it. What is done to many entries at once is one
batch: one line in the ledger over the digests of all its events, and one step to undo.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from django.db import IntegrityError, connection

from inventory.assets import beside
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.fields import FIELDS
from inventory.assets.folding import START
from inventory.ghosts import watching as ghosts
from inventory.inserting import insert, stored
from inventory.installed import counting as software
from inventory.ledger import services as ledger
from inventory.many import parts
from inventory.marks import normalise
from inventory.models import Asset, AssetEvent, AssetMark
from inventory.watching import FOLLOWED, tell

Source = Literal["person", "report", "import", "system"]
HOLDING: Final[frozenset[Source]] = frozenset({"person", "import"})
"""What these enter, a report leaves alone until it is released (S40)."""
_REFERENCES: Final = frozenset(n for n, field in FIELDS.items() if field.kind == "ref")
_ENTERED_MARKS: Final = ("serial", "uuid")


class By(msgspec.Struct, frozen=True):
    """Who does it, when (epoch seconds), as what, why, and as part of which batch ("" = alone)."""

    actor: str
    at: int
    source: Source = "person"
    reason: str = ""
    batch: str = ""


class Step(msgspec.Struct):
    """What happens to one entry: a locked row, or a new one with `seq` 0.

    `seen`: the number of the last event whoever asks has seen, or None where that does not matter.
    """

    asset: Asset
    verb: str
    after: Mapping[str, Any]
    seen: int | None = None


def value_of(asset: Asset, name: str) -> Any:
    """A field as events and pages have it; references as ids, "" for none."""
    if name in _REFERENCES:
        return getattr(asset, f"{name}_id") or ""
    return getattr(asset, name)


def put(asset: Asset, name: str, value: Any) -> None:
    """Set a field as events have it."""
    if name in _REFERENCES:
        setattr(asset, f"{name}_id", value or None)
    else:
        setattr(asset, name, value)


def values_of(asset: Asset) -> dict[str, Any]:
    """Everything that follows from an entry's events."""
    return {name: value_of(asset, name) for name in START}


def write(site_id: str, steps: Sequence[Step], by: By) -> list[Asset]:
    """Carry out the steps; return the entries that changed. Raises RegisterError and StaleError,
    and then nothing may be kept: the caller's transaction ends."""
    events = [event for step in steps if (event := _play(site_id, step, by)) is not None]
    if not events:
        return []
    assets = {step.asset.id: step.asset for step in steps}
    changed = [assets[event.asset_id] for event in events]
    new = [asset for asset in changed if asset.seq == 1]
    try:
        insert(new)
        _update([asset for asset in changed if asset.seq > 1], events)
    except IntegrityError as error:
        raise RegisterError("tag_taken", "That asset tag is in use already.", "tag") from error
    insert(events)
    if by.source in HOLDING:
        _enter_marks(site_id, changed, events)
    _record(site_id, events, by)
    # After the ledger, for whoever writes twice holds that already: the other way round, two of
    # them would wait in a circle on PostgreSQL.
    beside.follow(site_id, changed, events)
    ghosts.follow(site_id, events, changed)
    moved = [e.asset_id for e in events if e.seq > 1 and not FOLLOWED.isdisjoint(e.after)]
    tell(site_id, moved, actor=by.actor, at=by.at)
    if moved := [e.asset_id for e in events if "state" in e.after and e.before]:
        # What is on a computer counts only while it is the school's to use (S40).
        software.follow_entries(site_id, moved, by.at)
    return changed


def _play(site_id: str, step: Step, by: By) -> AssetEvent | None:
    asset, is_new = step.asset, step.asset.seq == 0
    held = dict(START) if is_new else values_of(asset)
    after = {n: v for n, v in step.after.items() if held[n] != v}
    if step.seen is not None and step.seen != asset.seq:
        raise StaleError(_also_touched(asset, step.seen, after))
    if not after and not is_new:
        return None
    if by.source in HOLDING:
        fixed = sorted({*asset.fixed_by_person, *(n for n in after if n in FIELDS and after[n])})
        if fixed != asset.fixed_by_person:
            after["fixed_by_person"] = fixed
    for name, value in after.items():
        put(asset, name, value)
    asset.seq += 1
    return AssetEvent(
        site_id=site_id,
        asset_id=asset.id,
        seq=asset.seq,
        at=by.at,
        actor=by.actor,
        source=by.source,
        verb=step.verb,
        before={} if is_new else {name: held[name] for name in after},
        after=after,
        nonce=secrets.token_hex(16),
        batch=by.batch,
    )


def _also_touched(asset: Asset, seen: int, after: Collection[str]) -> list[str]:
    later = AssetEvent.objects.filter(asset_id=asset.id, seq__gt=seen)
    names = {name for changed in later.values_list("after", flat=True) for name in changed}
    return sorted(names & set(after))


def _update(assets: Sequence[Asset], events: Sequence[AssetEvent]) -> None:
    """One statement per set of columns, run for all its rows: Django's own way of changing many
    rows to different values took minutes for 50,000 of them."""
    changed = {event.asset_id: tuple(sorted(event.after)) for event in events}
    groups: dict[tuple[str, ...], list[Asset]] = defaultdict(list)
    for asset in assets:
        groups[changed[asset.id]].append(asset)
    known = {field.name: field for field in Asset._meta.concrete_fields}
    with connection.cursor() as cursor:
        for names, rows in groups.items():
            fields = [known[name] for name in (*names, "seq")]
            told = ", ".join(f'"{field.column}" = %s' for field in fields)
            table = Asset._meta.db_table
            cursor.executemany(
                f'UPDATE "{table}" SET {told} WHERE "id" = %s',  # noqa: S608  names from our own model
                [[*(stored(field, row) for field in fields), row.id] for row in rows],
            )


def _enter_marks(site_id: str, assets: Sequence[Asset], events: Sequence[AssetEvent]) -> None:
    """What a person typed recognises a computer that never reported; what they corrected does so no
    more."""
    touched = {e.asset_id for e in events if not e.after.keys().isdisjoint(_ENTERED_MARKS)}
    if not touched:
        return
    before = {e.asset_id for e in events if e.asset_id in touched and e.before}
    for part in parts(before):  # a new entry has none yet
        AssetMark.objects.filter(asset_id__in=part, entered=True).delete()
    marks = [
        AssetMark(site_id=site_id, asset_id=asset.id, kind=kind, value=mark, entered=True)
        for asset in assets
        if asset.id in touched
        for kind in _ENTERED_MARKS
        if (mark := normalise(kind, getattr(asset, kind)))
    ]
    insert(marks, pass_over_known=True)


def _record(site_id: str, events: Sequence[AssetEvent], by: By) -> None:
    """One line in the ledger: over one event, or over the digests of a whole batch."""
    if not by.batch:
        for event in events:
            nonce = {"nonce": event.nonce}
            ledger.append(
                site_id=site_id,
                at=by.at,
                actor=by.actor,
                verb=event.verb,
                subject=event.asset_id,
                before=nonce | event.before if event.before else None,
                after=nonce | event.after,
                reason=by.reason,
            )
        return
    ledger.append(
        site_id=site_id,
        at=by.at,
        actor=by.actor,
        verb=f"{events[0].verb}s",
        subject=by.batch,
        after={"events": [digest_of(event) for event in events]},
        reason=by.reason,
    )


def digest_of(event: AssetEvent) -> str:
    """What a batch's line covers of one event."""
    return ledger.digest(
        {
            "asset": event.asset_id,
            "seq": event.seq,
            "verb": event.verb,
            "before": event.before,
            "after": event.after,
            "nonce": event.nonce,
        }
    )
