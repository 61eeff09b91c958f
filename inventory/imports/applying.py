"""A sheet into the register: planned against it as it stands, then written in one step, or nothing.

The plan is made again inside the transaction, so what a person saw in a dry run and what happens
differ only where somebody changed the register in between; then the rows say so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from django.db import transaction

from inventory.assets import disposing, services
from inventory.assets.errors import RegisterError
from inventory.assets.fields import FIELDS, Value
from inventory.assets.states import GONE
from inventory.assets.writing import By, value_of
from inventory.ids import new_id
from inventory.imports.planning import Held, Key, Plan, Planned, Register, plan
from inventory.imports.sheets import Sheet
from inventory.models import Asset, Pool, Room
from inventory.places.services import add_pool, add_room

CHUNK: Final = 1_000
Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


class Done(msgspec.Struct, frozen=True):
    """What was done, and by which step (`batch`, "" where nothing was), to be undone as one."""

    plan: Plan
    batch: str


def look(site_id: str, sheet: Sheet, columns: Mapping[int, str], key: Key) -> Plan:
    """What the sheet would do. Raises RegisterError where no column is the key."""
    return plan(sheet, columns, key, _register(site_id))


def take(
    site_id: str,
    sheet: Sheet,
    columns: Mapping[int, str],
    key: Key,
    *,
    by: By,
    all_or_nothing: bool = False,
    progress: Progress | None = None,
) -> Done:
    """Import it: every good row, or with `all_or_nothing` none where one is refused. Raises
    RegisterError."""
    with transaction.atomic():
        # Whoever imports at the same time waits here, so that neither plans on what is past.
        rows = Asset.objects.select_for_update().filter(site_id=site_id)
        list(rows.order_by("id").values_list("id"))
        planned = look(site_id, sheet, columns, key)
        if all_or_nothing and planned.refused:
            raise RegisterError(
                "refused", f"{len(planned.refused)} things are wrong; nothing was imported."
            )
        if not (planned.new or planned.changed):
            return Done(planned, "")
        own = msgspec.structs.replace(by, source="import", batch=new_id("batch", by.at))
        _write(site_id, planned, own, progress)
    return Done(planned, own.batch)


def _register(site_id: str) -> Register:
    rows = Asset.objects.filter(site_id=site_id).exclude(state__in=GONE)
    going = disposing.leaving_of(site_id)
    entries = [
        Held(row.id, row.state, {n: value_of(row, n) for n in FIELDS}, row.id in going)
        for row in rows.iterator(chunk_size=CHUNK)
    ]
    rooms, pools = _by_name(Room, site_id), _by_name(Pool, site_id)
    return Register(
        entries,
        {name: min(ids) for name, ids in rooms.items()},
        {name: min(ids) for name, ids in pools.items()},
        {name: ids for name, ids in rooms.items() if len(ids) > 1},
    )


def _by_name(model: type[Room] | type[Pool], site_id: str) -> dict[str, frozenset[str]]:
    """Ids by name; two buildings may have a room of the same one."""
    rows = model.objects.filter(site_id=site_id, ended_at=None)
    found: dict[str, set[str]] = defaultdict(set)
    for row_id, name in rows.values_list("id", "name"):
        found[name.casefold()].add(row_id)
    return {name: frozenset(ids) for name, ids in found.items()}


def _write(site_id: str, planned: Plan, by: By, progress: Progress | None) -> None:
    made = {
        "room": {name: add_room(site_id, name, by=by) for name in planned.rooms},
        "pool": {name: add_pool(site_id, name, by=by) for name in planned.pools},
    }
    total = len(planned.new) + len(planned.changed)
    states: dict[str, list[str]] = defaultdict(list)
    for done, part in _parts(planned):
        values = [_placed(one, made) for one in part]
        if part[0].asset_id:
            ids = [one.asset_id for one in part]
            services.change_many(site_id, dict(zip(ids, values, strict=True)), by=by)
        else:
            ids = services.add_many(site_id, values, by=by)
        for one, asset_id in zip(part, ids, strict=True):
            if one.state and (one.asset_id or one.state != "in_use"):
                states[one.state].append(asset_id)
        if progress is not None:
            progress(done, total)
    for state, asset_ids in states.items():
        services.move(site_id, asset_ids, state, by=by)  # type: ignore[arg-type]  # as planned


def _parts(planned: Plan) -> Iterator[tuple[int, Sequence[Planned]]]:
    """New entries, then changed ones, in parts, and how many are done with each."""
    done = 0
    for rows in (planned.new, planned.changed):
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            done += len(part)
            yield done, part


def _placed(one: Planned, made: Mapping[str, Mapping[str, str]]) -> dict[str, Value]:
    """A row's values with the rooms and pools that were just made."""
    values = dict(one.values)
    for field, ids in made.items():
        if field in values:
            values[field] = ids.get(str(values[field]), values[field])
    return values
