"""Schools, rooms and pools: made, renamed, ended; each change is an event of the ledger (O7)."""

from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from inventory import watching
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.ids import new_id
from inventory.ledger import services as ledger
from inventory.models import Asset, Pool, Room, Site

LONGEST: Final = 80


def create_site(*, name: str, at: int, timezone: str = "Europe/London") -> str:
    """Add a school and return its id."""
    with transaction.atomic():
        site = Site.objects.create(
            id=new_id("site", at), name=name, timezone=timezone, created_at=at
        )
        ledger.append(
            site_id=site.id, at=at, actor=ledger.SYSTEM, verb="site.create", subject=site.id
        )
    return site.id


def rename_site(site_id: str, *, name: str, at: int) -> None:
    """Call a school something else, on pages and sheets from now on."""
    with transaction.atomic():
        Site.objects.filter(id=site_id).update(name=name)
        ledger.append(
            site_id=site_id, at=at, actor=ledger.SYSTEM, verb="site.rename", subject=site_id
        )


def add_room(site_id: str, name: str, *, by: By, building: str = "", profile: str = "") -> str:
    """A new room; its id. Raises RegisterError for a name that another room has."""
    name, building = _name(name), " ".join(building.split())[:LONGEST]
    room = Room(
        id=new_id("room", by.at),
        site_id=site_id,
        name=name,
        building=building,
        profile=profile,
        created_at=by.at,
    )
    return _add(room, "room.create", by)


def add_pool(site_id: str, name: str, *, by: By, profile: str = "") -> str:
    """A new pool; its id. Raises RegisterError for a name that another pool has."""
    name = _name(name)
    pool = Pool(
        id=new_id("pool", by.at), site_id=site_id, name=name, profile=profile, created_at=by.at
    )
    return _add(pool, "pool.create", by)


def change_room(site_id: str, room_id: str, *, by: By, **changes: str | int) -> None:
    """Call a room something else, or change its building, walking order or profile. Raises
    RegisterError."""
    _change(Room, site_id, room_id, changes, by)


def change_pool(site_id: str, pool_id: str, *, by: By, **changes: str | int) -> None:
    """Likewise a pool: its name or profile."""
    _change(Pool, site_id, pool_id, changes, by)


def end_room(site_id: str, room_id: str, *, by: By) -> None:
    """A room that is no more; refused while things stand in it. Raises RegisterError."""
    _end(Room, site_id, room_id, "room.end", by)


def end_pool(site_id: str, pool_id: str, *, by: By) -> None:
    """Likewise a pool."""
    _end(Pool, site_id, pool_id, "pool.end", by)


_CHANGEABLE: Final = {
    Room: frozenset({"name", "building", "order", "profile"}),
    Pool: frozenset({"name", "profile"}),
}


def _add(row: Room | Pool, verb: str, by: By) -> str:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            ledger.append(site_id=row.site_id, at=by.at, actor=by.actor, verb=verb, subject=row.id)
    except IntegrityError as error:
        raise RegisterError("name_taken", f"There is a {row.name} already.", "name") from error
    return row.id


def _change(
    model: type[Room] | type[Pool],
    site_id: str,
    row_id: str,
    changes: dict[str, str | int],
    by: By,
) -> None:
    unknown = changes.keys() - _CHANGEABLE[model]
    if unknown:
        raise RegisterError("no_field", f"There is no field called {min(unknown)[:40]}.")
    if "name" in changes:
        changes["name"] = _name(str(changes["name"]))
    try:
        with transaction.atomic():
            row = _row(model, site_id, row_id)
            before = {name: getattr(row, name) for name in changes}
            for name, value in changes.items():
                setattr(row, name, value)
            row.save(update_fields=[*changes])
            if "profile" in changes:
                watching.tell(site_id, [row_id], actor=by.actor, at=by.at)
            ledger.append(
                site_id=site_id,
                at=by.at,
                actor=by.actor,
                verb=f"{model.__name__.lower()}.change",
                subject=row_id,
                before=before,
                after=changes,
            )
    except IntegrityError as error:
        raise RegisterError("name_taken", "That name is in use already.", "name") from error


def _end(model: type[Room] | type[Pool], site_id: str, row_id: str, verb: str, by: By) -> None:
    with transaction.atomic():
        row = _row(model, site_id, row_id)
        count = Asset.objects.filter(Q(room_id=row_id) | Q(pool_id=row_id)).count()
        if count:
            raise RegisterError("not_empty", f"Move what is in it somewhere else first ({count}).")
        row.ended_at = by.at
        row.save(update_fields=["ended_at"])
        ledger.append(site_id=site_id, at=by.at, actor=by.actor, verb=verb, subject=row_id)


def _row(model: type[Room] | type[Pool], site_id: str, row_id: str) -> Room | Pool:
    rows = model.objects.select_for_update().filter(site_id=site_id, ended_at=None)
    found: Room | Pool | None = rows.filter(id=row_id).first()
    if found is None:
        raise RegisterError("not_found", "There is no such place here.")
    return found


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST or not plain.isprintable():
        raise RegisterError("bad_value", f"A name has 1 to {LONGEST} characters.", "name")
    return plain
