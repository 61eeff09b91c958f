"""What people do to entries: add, change, move through their life, let go of, undo (S22–S24, S40).

Each is one transaction, or part of the caller's. Nothing is deleted: what was entered by mistake is
withdrawn.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import msgspec
from django.db import transaction

from inventory.assets import disposing, undoing
from inventory.assets.errors import RegisterError
from inventory.assets.fields import DEFAULTS, FIELDS, Value, cleaned
from inventory.assets.following import check_nesting, locked_with_contents
from inventory.assets.kinds import kind_of
from inventory.assets.states import GONE, State, check_move
from inventory.assets.undoing import Undone
from inventory.assets.writing import By, Step, write
from inventory.ids import new_id
from inventory.many import by_id, parts
from inventory.models import Asset, AssetEvent, Pool, Room

MOST_AT_ONCE: Final = 100_000
_PLACES: Final[Mapping[str, type[Room] | type[Pool]]] = {"room": Room, "pool": Pool}


def add(site_id: str, values: Mapping[str, object], *, by: By) -> str:
    """A new entry; its id. Raises RegisterError."""
    return add_many(site_id, [values], by=by)[0]


def add_many(site_id: str, rows: Sequence[Mapping[str, object]], *, by: By) -> list[str]:
    """New entries, all or none; their ids in order. Raises RegisterError, whose `field` is of the
    first row that cannot be."""
    if len(rows) > MOST_AT_ONCE:
        raise RegisterError("too_many", f"Not more than {MOST_AT_ONCE:,} entries at once.")
    with transaction.atomic():
        wanted = [{**DEFAULTS, **cleaned(row)} for row in rows]
        _check_tags(site_id, wanted)
        _check_references(site_id, wanted)
        steps = [
            Step(
                Asset(id=new_id("asset", by.at), site_id=site_id, created_at=by.at),
                "asset.create",
                row,
            )
            for row in wanted
        ]
        write(site_id, steps, by)
    return [step.asset.id for step in steps]


def change(
    site_id: str, asset_id: str, values: Mapping[str, object], *, by: By, seen: int | None = None
) -> bool:
    """Change fields of an entry; whether anything changed. `seen`: the number of the last event
    that was on the screen. Raises RegisterError; StaleError where somebody else was faster."""
    return change_many(site_id, {asset_id: values}, by=by, seen={asset_id: seen}) > 0


def change_many(
    site_id: str,
    changes: Mapping[str, Mapping[str, object]],
    *,
    by: By,
    seen: Mapping[str, int | None] | None = None,
    verb: str = "asset.change",
) -> int:
    """Change many entries, all or none; how many changed, with what is kept in those that went to
    another room. Raises RegisterError and StaleError."""
    with transaction.atomic():
        changes, rows = locked_with_contents(site_id, changes)
        wanted = {asset_id: cleaned(values) for asset_id, values in changes.items()}
        _check_tags(site_id, wanted.values(), among=set(changes))
        _check_references(site_id, wanted.values())
        check_nesting(wanted)
        steps = [
            Step(rows[asset_id], verb, values, (seen or {}).get(asset_id))
            for asset_id, values in wanted.items()
        ]
        return len(write(site_id, steps, by))


def move(
    site_id: str,
    asset_ids: Collection[str],
    state: State,
    *,
    by: By,
    seen: Mapping[str, int | None] | None = None,
) -> int:
    """Take entries to another point of their life; how many changed. Raises RegisterError and
    StaleError."""
    with transaction.atomic():
        rows = _locked(site_id, asset_ids)
        moved = [row for row in rows.values() if row.state != state]
        for row in moved:
            check_move(row.state, state)
        disposing.check_none(moved)
        steps = [
            Step(row, "asset.state", {"state": state}, (seen or {}).get(row.id))
            for row in rows.values()
        ]
        return len(write(site_id, steps, by))


def withdraw(site_id: str, asset_id: str, *, by: By, seen: int | None = None) -> None:
    """Take an entry out that was made by mistake; its history stays. Raises RegisterError and
    StaleError."""
    with transaction.atomic():
        row = _locked(site_id, [asset_id])[asset_id]
        if row.holder or row.holds.exists() or Asset.objects.filter(holder=asset_id).exists():
            raise RegisterError("in_use", "Take it back, and out of it what is kept in it, first.")
        disposing.check_none([row])
        gone = {"state": "withdrawn", "tag": "", "parent": ""}
        write(site_id, [Step(row, "asset.withdraw", gone, seen)], by)


def release(site_id: str, asset_id: str, fields: Collection[str], *, by: By) -> None:
    """Let the computer's own reports fill these fields again (S40). Raises RegisterError."""
    with transaction.atomic():
        row = _locked(site_id, [asset_id])[asset_id]
        left = sorted(set(row.fixed_by_person) - set(fields))
        step = Step(row, "asset.release", {"fixed_by_person": left})
        write(site_id, [step], msgspec.structs.replace(by, source="system"))


def undo(site_id: str, batch: str, *, by: By) -> Undone:
    """Take back what was done in one step, newest first, wherever nothing was changed since, and
    what it goes back to is still there. Raises RegisterError."""
    with transaction.atomic():
        events = list(
            AssetEvent.objects.filter(site_id=site_id, batch=batch).order_by("asset_id", "-seq")
        )
        if not events:
            raise RegisterError("not_found", "There is nothing to undo.")
        if any(map(undoing.is_elsewhere, events)):
            raise RegisterError(
                "handed", "What was given out, came back or was joined is undone on its own page."
            )
        rows = _locked(site_id, {event.asset_id for event in events})
        left = undoing.left_by(events)
        will = {
            one: undoing.before_all(events_of)
            for one, events_of in undoing.by_entry(events).items()
            if undoing.is_still(rows[one], left[one])
        }
        undoing.leave_hindered(site_id, rows, will)
        back = [event for event in events if event.asset_id in will]
        own = msgspec.structs.replace(by, source="system", batch=new_id("batch", by.at))
        for level in undoing.levels(back):
            steps = [
                Step(rows[event.asset_id], "asset.undo", undoing.before(event)) for event in level
            ]
            write(site_id, steps, own)
    return Undone(len(back), sorted(rows.keys() - will.keys()))


def lock(site_id: str, asset_ids: Collection[str]) -> None:
    """Lock entries in the order of ids, for whoever changes them in several steps: a step writes to
    the ledger, and whoever waits for an entry after that may be waited for. Raises
    RegisterError."""
    _locked(site_id, asset_ids)


def _locked(site_id: str, asset_ids: Collection[str]) -> dict[str, Asset]:
    """The rows, locked in one order. Raises RegisterError for one that is not there."""
    rows = Asset.objects.select_for_update().filter(site_id=site_id)
    found = {row.id: row for row in by_id(rows, asset_ids)}
    if len(found) != len(set(asset_ids)):
        raise RegisterError("not_found", "There is no such entry in this school's register.")
    return found


def _check_tags(
    site_id: str, rows: Iterable[Mapping[str, Value]], among: Collection[str] = ()
) -> None:
    """Say which tag is twice before the database says only that one is."""
    wanted = Counter(str(row["tag"]) for row in rows if row.get("tag"))
    twice = next((tag for tag, count in wanted.items() if count > 1), None)
    if twice is None and wanted:
        taken = Asset.objects.filter(site_id=site_id).values_list("tag", "id")
        pairs = (pair for part in parts(wanted) for pair in taken.filter(tag__in=part))
        held = {tag for tag, asset_id in pairs if asset_id not in among}
        twice = next((tag for tag in wanted if tag in held), None)
    if twice is not None:
        raise RegisterError("tag_taken", f"The tag {twice} is in use already.", "tag")


def _check_references(site_id: str, rows: Iterable[Mapping[str, Value]]) -> None:
    """Rooms, pools and holders must be of this school and still be there."""
    asked: dict[str, set[str]] = {"room": set(), "pool": set(), "parent": set()}
    for row in rows:
        for name, ids in asked.items():
            if row.get(name):
                ids.add(str(row[name]))
    for name, model in _PLACES.items():
        there = model.objects.filter(site_id=site_id, ended_at=None)
        if len(by_id(there, asked[name])) != len(asked[name]):
            raise RegisterError(
                "not_found", f"{FIELDS[name].title}: there is none such here.", name
            )
    things = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE)
    holders = by_id(things, asked["parent"])
    if len(holders) != len(asked["parent"]) or not all(kind_of(h.kind).holds for h in holders):
        raise RegisterError(
            "not_found", "Kept in: only trolleys and their like hold things.", "parent"
        )
